package import BatonCore

/// Performs steps by a Swift function; what it throws becomes a failure with the chain of its causes.
///
/// A class, as the engine looks one up for each step.
package final class FunctionPerformer: InstantPerformer {
    /// A function from the work to the output.
    package enum Body: Sendable {
        case waiting(@Sendable (Work) async throws -> JSON)
        /// One that never waits.
        case instant(@Sendable (Work) throws -> JSON)
    }

    private let body: @Sendable (Work) async throws -> JSON
    private let instant: (@Sendable (Work) throws -> JSON)?

    /// Wraps a function that may wait.
    package convenience init(_ body: @escaping @Sendable (Work) async throws -> JSON) { self.init(.waiting(body)) }

    package init(_ body: Body) {
        switch body {
        case .waiting(let body): (self.body, self.instant) = (body, nil)
        case .instant(let body): (self.body, self.instant) = ({ try body($0) }, body)
        }
    }

    /// Calls the function.
    package func perform(_ work: Work) async -> WorkResult {
        do { return .done(try await self.body(work)) } catch { return Self.result(of: error, work) }
    }

    /// Calls a function that never waits.
    package func performAtOnce(_ work: () throws(Failure) -> Work) throws(Failure) -> WorkResult? {
        guard let instant = self.instant else { return nil }
        let work = try work()
        do { return .done(try instant(work)) } catch { return Self.result(of: error, work) }
    }

    // Out of line: whatever `perform` holds itself stays in memory for as long as the function waits.
    @inline(never)
    private static func result(of error: any Error, _ work: Work) -> WorkResult {
        if error is CancellationError { return .stopped() }
        if let failure = error as? Failure { return .failed(failure) }
        // Libraries wrap the cancellation in errors of their own.
        guard !Task.isCancelled else { return .stopped() }
        return .failed(
            Failure(
                .transient,
                "function.threw",
                "the function of agent \(work.agent.id) threw: "
                    + PlainText.line(String(describing: error), limit: 500),
                remedy: "see the causes",
                causes: CauseChain.of(error)
            )
        )
    }
}

/// The causes of a Swift error, the nearest first.
enum CauseChain {
    private static let longest = 20

    static func of(_ error: any Error) -> [String] {
        var causes: [String] = []
        var next: (any Error)? = error
        while let current = next, causes.count < Self.longest {
            causes.append("\(type(of: current)): \(PlainText.line(String(describing: current), limit: 500))")
            next = Self.cause(of: current)
        }
        return causes
    }

    // By convention of Swift libraries: a stored property that holds the error below.
    private static func cause(of error: any Error) -> (any Error)? {
        let names: Set<String> = ["cause", "underlyingError", "underlying", "error", "wrapped"]
        for child in Mirror(reflecting: error).children {
            if let label = child.label, names.contains(label), let cause = child.value as? any Error { return cause }
        }
        return nil
    }
}
