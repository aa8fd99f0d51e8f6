/// The machine inside a task: closed, so that it can be stored, switched over and simulated.
package enum Pattern: Hashable, Sendable {
    case single(Single)

    /// What the machine wants next: a pure reading of its state.
    package enum Move: Hashable, Sendable {
        case request(StepRequest)
        case wait
        case finish(StepResult)
    }

    package var move: Move {
        switch self {
        case .single(let single): single.move
        }
    }

    package mutating func asked(_ request: StepRequest) {
        switch self {
        case .single(var single):
            single.asked(request)
            self = .single(single)
        }
    }

    package mutating func took(_ result: StepResult) {
        switch self {
        case .single(var single):
            single.took(result)
            self = .single(single)
        }
    }
}
