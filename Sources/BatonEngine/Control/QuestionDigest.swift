package import BatonCore

extension Run {
    /// What an answer is held against, if whoever answers says what was shown: the task as it is now, and the words.
    ///
    /// A question never changes, and one about a task that is edited is taken back; so this differs only where somebody
    /// answers something else than they think.
    package func digest(of question: Question) -> Digest {
        let shown: JSON = [
            "run": .string(self.id.text), "question": .string(question.id.description),
            "about": .string(question.kind.rawValue), "task": PlanEncoder.json(self.spec(question.task)),
            "text": .string(question.text), "options": .array(question.options.map { .string($0) }),
        ]
        var writer = JSONWriter()
        writer.value(shown)
        return HashChain.digest(of: writer.bytes)
    }
}
