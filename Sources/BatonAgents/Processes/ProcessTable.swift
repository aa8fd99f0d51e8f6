import BatonCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The processes of this machine as `/proc` shows them; empty where there is no `/proc`.
///
/// Making one reads `/proc/PID/stat` of every process and nothing else.
struct ProcessTable: Sendable {
    /// A process for ever: the number alone may be used again.
    struct Identity: Hashable, Sendable {
        let pid: pid_t
        /// Clock ticks since the machine started.
        let started: UInt64
    }

    /// What a process is at the moment; all but its identity may change.
    struct Entry: Hashable, Sendable {
        let pid: pid_t
        let parent: pid_t
        let group: pid_t
        let session: pid_t
        let started: UInt64
        let isZombie: Bool

        var identity: Identity { Identity(pid: self.pid, started: self.started) }
    }

    let entries: [Entry]
    private let children: [pid_t: [Entry]]

    init() {
        var entries: [Entry] = []
        if let folder = opendir("/proc") {
            defer { closedir(folder) }
            let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
            while let item = readdir(folder) {
                let name = UnsafeRawPointer(item).advanced(by: offset).assumingMemoryBound(to: CChar.self)
                let pid = pid_t(truncatingIfNeeded: strtol(name, nil, 10))
                if pid > 0, let entry = Self.entry(pid) { entries.append(entry) }
            }
        }
        self.init(entries)
    }

    init(_ entries: [Entry]) {
        self.entries = entries
        self.children = Dictionary(grouping: entries) { $0.parent }
    }

    static func entry(_ pid: pid_t) -> Entry? {
        let descriptor = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            return count > 0 ? Self.entry(pid, UnsafeBufferPointer(rebasing: buffer[..<count])) : nil
        }
    }

    // The name stands in brackets and may hold anything; what follows is plain: state, then numbers.
    private static func entry(_ pid: pid_t, _ line: UnsafeBufferPointer<UInt8>) -> Entry? {
        guard let end = line.lastIndex(of: UInt8(ascii: ")")), end + 3 < line.count else { return nil }
        let isZombie = line[end + 2] == UInt8(ascii: "Z") || line[end + 2] == UInt8(ascii: "X")
        var fields: (parent: UInt64, group: UInt64, session: UInt64, started: UInt64) = (0, 0, 0, 0)
        var field = 0
        var value: UInt64 = 0
        for byte in line[(end + 4)...] {
            guard byte == 0x20 else {
                if 0x30...0x39 ~= byte { value = value &* 10 &+ UInt64(byte - 0x30) }
                continue
            }
            switch field {
            case 0: fields.parent = value
            case 1: fields.group = value
            case 2: fields.session = value
            case 18:
                fields.started = value
                return Entry(
                    pid: pid,
                    parent: pid_t(truncatingIfNeeded: fields.parent),
                    group: pid_t(truncatingIfNeeded: fields.group),
                    session: pid_t(truncatingIfNeeded: fields.session),
                    started: fields.started,
                    isZombie: isZombie
                )
            default: break
            }
            field += 1
            value = 0
        }
        return nil
    }

    /// The children that a process has at the moment.
    func children(of parent: pid_t) -> [Entry] { self.children[parent] ?? [] }

    /// All that descend from the process, as far as the chain of parents is whole.
    func descendants(of root: pid_t) -> [Entry] {
        var found: [Entry] = []
        var seen: Set<pid_t> = [root]
        var next = self.children(of: root)
        while let entry = next.popLast() {
            guard seen.insert(entry.pid).inserted else { continue }
            found.append(entry)
            next += self.children(of: entry.pid)
        }
        return found
    }

    /// The value of a variable in the environment that the process was started with.
    static func variable(_ name: String, of pid: pid_t) -> String? {
        guard let bytes = Self.bytes("/proc/\(pid)/environ", limit: 4 << 20) else { return nil }
        // Behind a NUL, so that the name is not found within another one or a value.
        let text = Data([0] + bytes)
        guard let found = text.range(of: Data([0] + Array("\(name)=".utf8))) else { return nil }
        return String(decoding: text[found.upperBound...].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The clock of ``Identity/started``; 0 where there is no `/proc`.
    static var now: UInt64 {
        #if os(Linux)
        var moment = timespec()
        clock_gettime(CLOCK_BOOTTIME, &moment)
        let nanoseconds = UInt64(moment.tv_sec) * 1_000_000_000 + UInt64(moment.tv_nsec)
        return nanoseconds / (1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK)))))
        #else
        return 0
        #endif
    }

    static func bytes(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < limit {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }
}

extension ProcessTable.Entry {
    /// Sends a signal, unless the number has gone to another process since.
    func send(_ signal: Int32) {
        guard ProcessTable.entry(self.pid)?.started == self.started else { return }
        kill(self.pid, signal)
    }
}
