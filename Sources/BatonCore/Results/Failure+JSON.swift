extension Failure {
    /// As `--json` outputs show it.
    package var json: JSON {
        var json: JSON = [
            "class": .string(self.kind.rawValue), "code": .string(self.code), "message": .string(self.message),
            "remedy": .string(self.remedy),
        ]
        if !self.causes.isEmpty { json = json.adding("causes", .array(self.causes.map { .string($0) })) }
        if let tail = self.stderrTail { json = json.adding("stderr", .string(tail)) }
        return json
    }
}

extension Eligibility.Gap {
    /// As `--json` outputs show it.
    package var json: JSON {
        [
            "skill": .string(self.skill), "has": .number(Double(self.has) / 100),
            "needs": .number(Double(self.needs) / 100),
        ]
    }
}
