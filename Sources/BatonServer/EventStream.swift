import BatonCore
import BatonEngine
import HTTPTypes
import Hummingbird
import NIOCore

/// The events of a run as server-sent events: every event once, in order, from a position on.
struct EventStream: Sendable {
    /// How an event is written.
    enum Form: String {
        /// As `baton events --json` prints it.
        case event
        /// As the journal keeps it, behind the plan: for clients that fold the run themselves.
        case journal
    }

    static let type = "text/event-stream"

    let engine: Engine
    let run: RunID
    let broadcasts: EventBroadcasts

    func response(to request: Request) async throws -> Response {
        let after = try Self.position(request)
        let form = try Self.form(request)
        guard let head = try await self.engine.journal.head(of: self.run) else { throw Engine.unknown(self.run) }
        guard after <= head.position.value else {
            throw BatonError.http(
                "http.position",
                "run \(self.run) has \(head.position.value) events, and not \(after)",
                remedy: "begin without Last-Event-ID"
            )
        }
        // By the standard this tells a browser not to come back.
        if head.isEnded, after == head.position.value { return Response(status: .noContent) }
        return Response(
            status: .ok,
            headers: [.contentType: Self.type, .cacheControl: "no-store", .connection: "close"],
            body: self.body(after: after, head.position, form, request.body)
        )
    }

    private func body(after: Int64, _ head: Position, _ form: Form, _ body: RequestBody) -> ResponseBody {
        ResponseBody { writer in
            let figuresFrom = form == .event ? head : nil
            let first = self.broadcasts.enter(self.engine, self.run, form, after: after, figuresFrom: figuresFrom)
            defer { self.broadcasts.leave(self.run, form) }
            try await body.consumeWithCancellationOnInboundClose { _ in
                var reader = first
                while let buffers = try await reader.next() {
                    for buffer in buffers { try await writer.write(buffer) }
                }
            }
            try await writer.finish(nil)
        }
    }

    private static func form(_ request: Request) throws -> Form {
        guard let word = request.uri.queryParameters.get("form") else { return .event }
        guard let form = Form(rawValue: word) else {
            throw BatonError.http("http.form", "there is no such form", remedy: "leave it out, or send form=journal")
        }
        return form
    }

    private static func position(_ request: Request) throws -> Int64 {
        guard let text = request.header("Last-Event-ID") ?? request.uri.queryParameters.get("after") else { return 0 }
        guard let position = Int64(text), position >= 0, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            throw BatonError.http(
                "http.position",
                "that is no position of an event",
                remedy: "send the id of the last event that came, or nothing"
            )
        }
        return position
    }
}

/// Writes facts as server-sent events.
struct EventStreamEncoder: Sendable {
    private let form: EventStream.Form
    private var view: EventView?

    init(_ form: EventStream.Form) { self.form = form }

    /// The facts behind a position; what is before it is only taken in.
    mutating func events(_ facts: [Recorded], after: Int64) -> EncodedEvents {
        var events = EncodedEvents()
        for fact in facts {
            if self.view == nil { self.view = EventView(fact) }
            if fact.position.value > after {
                events.append(fact.position.value) { self.write(fact, to: &$0) }
            } else {
                self.view?.pass(fact)
            }
        }
        return events
    }

    private mutating func write(_ fact: Recorded, to buffer: inout ByteBuffer) {
        switch self.form {
        case .event:
            guard let event = self.view?.view(fact) else { return }
            Self.write(id: event.position, event.kind, event.json.bytes, to: &buffer)
        case .journal:
            if case .created(let seed) = fact.event {
                Self.write(id: nil, "plan", PlanEncoder.bytes(of: seed.plan), to: &buffer)
            }
            var writer = JSONWriter()
            EventCodec.write(fact, to: &writer)
            Self.write(id: fact.position.value, "fact", Array(writer.bytes.dropLast()), to: &buffer)
        }
    }

    /// Figures carry no id: whoever comes back with the last one misses no event and gets none twice.
    static func figures(_ json: JSON) -> ByteBuffer {
        var buffer = ByteBuffer()
        Self.write(id: nil, "figures", json.bytes, to: &buffer)
        return buffer
    }

    // JSON of ours holds no line ends.
    private static func write(id: Int64?, _ kind: String, _ data: [UInt8], to buffer: inout ByteBuffer) {
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("event: \(kind)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
    }
}

/// Neighbouring events of a run as they are sent.
struct EncodedEvents: Sendable {
    private(set) var first: Int64 = 0
    private var whole = ByteBuffer()
    // Where each of them ends.
    private var ends: [Int] = []

    var count: Int { self.ends.count }
    var isEmpty: Bool { self.ends.isEmpty }
    var last: Int64 { self.first + Int64(self.ends.count) - 1 }
    var bytes: Int { self.whole.readableBytes }

    mutating func append(_ position: Int64, _ write: (inout ByteBuffer) -> Void) {
        if self.ends.isEmpty { self.first = position }
        write(&self.whole)
        self.ends.append(self.whole.readableBytes)
    }

    /// Those behind a position; the bytes are shared, not copied.
    func buffer(after position: Int64) -> ByteBuffer {
        var buffer = self.whole
        if position >= self.last { return ByteBuffer() }
        if position >= self.first { buffer.moveReaderIndex(forwardBy: self.ends[Int(position - self.first)]) }
        return buffer
    }
}
