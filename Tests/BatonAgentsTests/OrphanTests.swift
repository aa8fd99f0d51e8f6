import Foundation
import Testing

@testable import BatonAgents

/// What a killed engine leaves is found by its mark and its start time.
@Suite(.timeLimit(.minutes(30)))
struct OrphanTests {
    private static func mark(_ folder: String) -> [String: String] {
        ["PATH": "/usr/bin:/bin", "BATON_FOLDER": folder, "BATON_MARK": "1.2.3"]
    }

    @Test func `marked processes that started before are ended with what they started, and no others`() throws {
        let folder = "/nowhere/\(UUID().uuidString)"
        let orphan = try Stranger("setsid env -i /bin/sleep 60 & setsid sleep 60 & echo here; wait", Self.mark(folder))
        let other = try Stranger("echo here; exec /bin/sleep 60", Self.mark("\(folder)-other"))
        let unmarked = try Stranger("echo here; exec /bin/sleep 60", [:])
        let family = ProcessTable().descendants(of: orphan.pid)
        let first = Orphans.kill(ofFolder: folder, startedUpTo: ProcessTable.now + 1)
        #expect(first >= 1)
        #expect(Orphans.kill(ofFolder: folder, startedUpTo: ProcessTable.now + 1) == 0)
        #expect(orphan.signal == SIGKILL)
        #expect(family.count == 2)
        #expect(family.allSatisfy { ProcessTable.entry($0.pid)?.isZombie != false })
        #expect(other.isAlive)
        #expect(unmarked.isAlive)
        for stranger in [other, unmarked] { #expect(stranger.end() == SIGKILL) }
    }

    @Test func `what has started later is nobody's orphan`() throws {
        let folder = "/nowhere/\(UUID().uuidString)"
        let later = try Stranger("echo here; exec sleep 60", Self.mark(folder))
        #expect(Orphans.kill(ofFolder: folder) == 0)
        #expect(later.isAlive)
        #expect(later.end() == SIGKILL)
    }

    @Test func `whoever runs the engine is told from its orphans`() throws {
        let outer = try Stranger("echo here; exec sleep 60", [:])
        let table = ProcessTable()
        #expect(table.descendants(of: getpid()).contains { $0.pid == outer.pid })
        #expect(Orphans.ancestors(of: outer.pid, in: table).isSuperset(of: [getpid(), getppid()]))
        #expect(outer.end() == SIGKILL)
    }
}
