import BatonCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The processes of this machine as `/proc` shows them; empty where there is no `/proc`.
struct ProcessTable {
    /// A process: the number alone may be used again, with its start time it names one process for ever.
    struct Entry: Hashable {
        let pid: pid_t
        let parent: pid_t
        let group: pid_t
        /// Clock ticks since the machine started.
        let started: UInt64
        let isZombie: Bool
    }

    let entries: [Entry]

    init() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        self.entries = names.compactMap { pid_t($0) }.compactMap(Self.entry)
    }

    static func entry(_ pid: pid_t) -> Entry? {
        guard let text = Self.read("/proc/\(pid)/stat", limit: 4096).map({ String(decoding: $0, as: UTF8.self) }),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // The name stands in brackets and may hold anything; what follows is plain.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let parent = pid_t(fields[1]), let group = pid_t(fields[2]),
            let started = UInt64(fields[19])
        else { return nil }
        return Entry(pid: pid, parent: parent, group: group, started: started, isZombie: fields[0] == "Z")
    }

    /// All that descend from the process, as far as the chain of parents is whole.
    func descendants(of root: pid_t) -> [Entry] {
        var found: [Entry] = []
        var parents: Set<pid_t> = [root]
        while true {
            let next = self.entries.filter { parents.contains($0.parent) && !found.contains($0) && $0.pid != root }
            guard !next.isEmpty else { return found }
            found += next
            parents = Set(next.map(\.pid))
        }
    }

    /// The value of a variable in the environment that the process was started with.
    static func variable(_ name: String, of pid: pid_t) -> String? {
        guard let bytes = Self.read("/proc/\(pid)/environ", limit: 4 << 20) else { return nil }
        let prefix = Array("\(name)=".utf8)
        for entry in bytes.split(separator: 0) where entry.starts(with: prefix) {
            return String(decoding: entry.dropFirst(prefix.count), as: UTF8.self)
        }
        return nil
    }

    static func executable(of pid: pid_t) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
    }

    private static func read(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < limit {
            let count = readBytes(descriptor, &buffer)
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }
}

private func readBytes(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
}

extension ProcessTable.Entry {
    /// Sends a signal, unless the number has gone to another process since.
    func send(_ signal: Int32) {
        guard ProcessTable.entry(self.pid)?.started == self.started else { return }
        kill(self.pid, signal)
    }
}
