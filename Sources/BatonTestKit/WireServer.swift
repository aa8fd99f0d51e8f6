import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A server on loopback that answers what a test tells it to, byte by byte, also what no server should.
package final class WireServer: Sendable {
    /// What came, with its body whole.
    package struct Request: Sendable {
        /// The first line and the headers, as they came.
        package var head: String
        package var body: [UInt8]

        /// A header's text; nil if it is not there.
        package func header(_ name: String) -> String? {
            for line in self.head.split(whereSeparator: \.isNewline).dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == name else { continue }
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
            return nil
        }
    }

    package enum Ending: Sendable {
        case close
        /// Nothing more comes, until the other side goes.
        case hang
        /// The line is torn, as if whoever was there had never been.
        case reset
        /// Bytes without end, until the other side goes.
        case flood([UInt8])
    }

    /// Bytes of an answer, one write each.
    package struct Reply: Sendable {
        package var pieces: [[UInt8]]
        package var ending = Ending.close

        package init(_ pieces: [[UInt8]], ending: Ending = .close) {
            self.pieces = pieces
            self.ending = ending
        }

        /// A whole answer of HTTP.
        package init(_ status: String, _ headers: [String] = [], _ body: String, ending: Ending = .close) {
            let head = (["HTTP/1.1 \(status)", "connection: close"] + headers).joined(separator: "\r\n")
            self.init([Array("\(head)\r\n\r\n\(body)".utf8)], ending: ending)
        }

        /// An answer in pieces.
        package static func stream(_ body: [String], ending: Ending = .close) -> Reply {
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\r\n"
            return Reply([Array(head.utf8)] + body.map { Array($0.utf8) }, ending: ending)
        }
    }

    package let port: UInt16
    private let listener: Int32
    private let taken = Mutex<[Request]>([])
    private let answered = Mutex<(@Sendable () -> Void)?>(nil)
    private let reply: @Sendable (Request, Int) -> Reply

    /// - Parameter reply: what a request is answered with; they are numbered from 1.
    package init(_ reply: @escaping @Sendable (Request, Int) -> Reply) throws {
        self.reply = reply
        #if canImport(Glibc)
        // Programs that other tests start at the same moment have no part in it.
        let stream = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        self.listener = socket(AF_INET, stream, 0)
        _ = fcntl(self.listener, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        self.port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in self.serve() }
    }

    /// All that have come.
    package var requests: [Request] { self.taken.withLock { $0 } }

    /// Calls back when an answer has been sent, or nobody takes it any more.
    package func whenAnswered(_ call: @escaping @Sendable () -> Void) { self.answered.withLock { $0 = call } }

    /// Takes nobody any more.
    package func stop() { shutdown(self.listener, Int32(SHUT_RDWR)) }

    // The only one that closes what it listens with: a number that is closed elsewhere may be another server's by then.
    private func serve() {
        defer { close(self.listener) }
        while true {
            let descriptor = accept(self.listener, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            Thread.detachNewThread { [self] in
                let isTorn = self.answer(descriptor)
                self.answered.withLock { $0 }?()
                // Also where a program that began just then holds it too; what is torn is torn by closing it.
                if !isTorn { shutdown(descriptor, Int32(SHUT_RDWR)) }
                close(descriptor)
            }
        }
    }

    // Says whether the line is to be torn.
    private func answer(_ descriptor: Int32) -> Bool {
        guard let request = Self.read(descriptor) else { return false }
        let number = self.taken.withLock { taken in
            taken.append(request)
            return taken.count
        }
        let reply = self.reply(request, number)
        for piece in reply.pieces {
            var sent = 0
            while sent < piece.count {
                let count = piece[sent...].withUnsafeBytes {
                    send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
        }
        switch reply.ending {
        case .close: return false
        case .hang:
            var byte: UInt8 = 0
            while recv(descriptor, &byte, 1, 0) > 0 {}
            return false
        case .reset:
            var torn = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &torn, socklen_t(MemoryLayout<linger>.size))
            return true
        case .flood(let bytes):
            while send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0 {}
            return false
        }
    }

    private static func read(_ descriptor: Int32) -> Request? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let end = Array("\r\n\r\n".utf8)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
            guard let head = bytes.firstRange(of: end) else { continue }
            var request = Request(head: String(decoding: bytes[..<head.lowerBound], as: UTF8.self), body: [])
            let length = request.header("content-length").flatMap { Int($0) } ?? 0
            guard bytes.count - head.upperBound >= length else { continue }
            request.body = Array(bytes[head.upperBound...].prefix(length))
            return request
        }
    }
}
