extension AgentProfile {
    /// A text of instructions that lies in a file.
    public struct InstructionFile: Hashable, Sendable {
        /// Where it lies: below the folder of the plan that names it.
        public var path: String
        /// All of its text; nil until it has been read.
        public var text: String?

        /// Names a file, with its text if it is known.
        public init(path: String, text: String? = nil) {
            self.path = path
            self.text = text
        }
    }
}

/// What is wrong with files of instructions.
package enum InstructionFiles {
    /// Those that nobody has read: what was sent without them, or built in code.
    static func unread(in plan: Plan) -> [Diagnostic] {
        plan.agents.enumerated().flatMap { offset, agent in
            agent.instructionFiles.enumerated().filter { $1.text == nil }.map { index, file in
                Self.finding(
                    "\(PlainText.line(file.path, limit: 200)) of agent \(agent.id) comes without its text",
                    "send path and text, or let `baton run` read the plan from its folder",
                    offset,
                    index
                )
            }
        }
    }

    package static func finding(_ what: String, _ remedy: String, _ agent: Int, _ file: Int) -> Diagnostic {
        let path = PlanPath(.name("agents"), .index(agent), .name("instruction_files"), .index(file))
        return Diagnostic("plan.instruction_file", "the file \(what)", remedy: remedy, at: path)
    }
}
