/// How a judge is asked which answers mean the same.
package enum ConsensusRule {
    /// The part in which the judge does that.
    package static func judging(of task: TaskID) -> TaskID { TaskID("\(task).judge") }

    /// What the judge is told; the answers come as the results of the tasks before it.
    package static func judgesWork(_ question: String) -> String {
        """
        Several agents have answered the same question, each by itself. Put the answers into groups: two are in one group \
        if they mean the same, however they say it. Do not weigh which is right. Name each answer by the task that brought \
        it; each stands in one group.

        The question was:
        \(question)
        """
    }

    /// What the judge returns.
    package static let clusterForm: JSON = [
        "type": "object", "required": ["groups"], "additionalProperties": false,
        "properties": [
            "groups": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["meaning", "answers"], "additionalProperties": false,
                    "properties": [
                        "meaning": ["type": "string"],
                        "answers": ["type": "array", "minItems": 1, "items": ["type": "string"]],
                    ],
                ],
            ]
        ],
    ]
}
