/// One agent, one step: the attempt is what the step is.
package enum Single: Hashable, Sendable {
    case fresh
    case waiting
    case returned(StepResult)

    package var move: Pattern.Move {
        switch self {
        case .fresh: .request(.perform)
        case .waiting: .wait
        case .returned(let result): .finish(result)
        }
    }

    package mutating func asked(_ request: StepRequest) { self = .waiting }

    package mutating func took(_ result: StepResult) { self = .returned(result) }
}
