import BatonCore
import BatonEngine
import HTTPTypes
import Hummingbird
import NIOCore

// Runs as the journal has them: compared, folded again, taken along, looked over.
extension Handlers {
    func journaling(of route: Route) -> Handler? {
        let (engine, readings, clock) = (self.engine, Readings(self.engine.journal), self.engine.clock)
        return switch (route.method, route.path) {
        case ("GET", "/v1/runs/{run}/replay"):
            { _, context in .json(try await RunReplay.play(Self.run(context), of: engine.journal).json) }
        case ("GET", "/v1/runs/{run}/diff/{other}"):
            { _, context in
                let other = try Self.run(context, "other")
                return .json(try await readings.difference(between: Self.run(context), and: other).json)
            }
        case ("GET", "/v1/runs/{run}/archive"):
            { _, context in .lines(try await RunArchive.of(Self.run(context), in: engine.journal).lines) }
        case ("GET", "/v1/audit"): { _, _ in .json(try await readings.audit()) }
        case ("GET", "/v1/prunable"):
            { request, _ in
                let wish = try Self.retention(request)
                let retention = try Retention(wish, of: try await engine.journal.heads(), now: clock.now())
                return .json(retention.json)
            }
        default: nil
        }
    }

    private static func retention(_ request: Request) throws -> Retention.Wish {
        let query = request.uri.queryParameters
        let runs = query.getAll("run").map { RunID($0) }
        let (older, newest) = (query.get("older_than"), query.get("keep"))
        switch (runs.isEmpty, older, newest) {
        case (false, nil, nil): return .named(runs)
        case (false, _, _), (true, nil, nil): throw Self.unclear
        case (true, _, _):
            let age = older.flatMap { PlanDuration.read(SourceNode(.string($0))) }
            let keep = newest.flatMap { Int($0) }
            guard (age == nil) == (older == nil), (keep == nil) == (newest == nil), keep ?? 0 >= 0 else {
                throw Self.unclear
            }
            return .old(age, keeping: keep)
        }
    }

    private static let unclear = BatonError.http(
        "http.query",
        "it is not said which runs are meant",
        remedy: "say `older_than` such as 30d, `keep` with a number from 0, or `run`"
    )
}

extension Response {
    /// An archive, as `export-run` writes it.
    static func lines(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: Route.lines, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
