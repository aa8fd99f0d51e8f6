import BatonCore
import BatonEngine

extension Session {
    /// Plays a plan that stands for one thing that somebody wants: where an engine serves the folder, as a run of that.
    ///
    /// - Parameter isPlayed: whether stand-ins do all of it.
    static func play(
        _ plan: Plan,
        _ options: Engine.StartOptions,
        isPlayed: Bool,
        data: DataOptions,
        follow: FollowOptions,
        output: OutputOptions,
        shows: Showing
    ) async throws {
        if !isPlayed,
            let remote = try await RemoteSession(data: data.path, follow: follow, output: output, shows: shows),
            try await remote.took(plan, options)
        {
            return
        }
        let session = try await Session(data: data.path, follow: follow, output: output, shows: shows)
        if isPlayed { try await session.rehearse(plan, options) } else { try await session.run(plan, options) }
    }
}
