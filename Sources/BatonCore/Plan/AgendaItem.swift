/// Something that a meeting is to talk about.
public struct AgendaItem: Hashable, Sendable {
    /// What it is about.
    public var topic: String
    /// How long it may take, in minutes of the meeting; nil shares what the others leave.
    public var minutes: Int?

    /// Names a topic.
    public init(_ topic: String, minutes: Int? = nil) {
        self.topic = topic
        self.minutes = minutes
    }
}
