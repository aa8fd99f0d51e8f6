import BatonCore
import BatonTestKit
import Foundation
import Testing

@Suite(.ownThreads) struct CompletionTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path, environment: ["SHELL": "/bin/bash"])
    }

    private static let hasBash = FileManager.default.isExecutableFile(atPath: "/bin/bash")

    private var script: String { self.folder(".local/share/bash-completion/completions/baton") }

    /// What bash proposes for the last of the words, after it has read the installed script.
    private func proposed(_ words: String...) throws -> [String] {
        let harness = """
            PATH="$1:$PATH"; source "$2"; shift 2
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
            _baton baton "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$((COMP_CWORD - 1))]}"
            for word in "${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done
            """
        let binaries = URL(fileURLWithPath: Binary.path).deletingLastPathComponent().path
        return try self.bash(["-c", harness, "bash", binaries, self.script] + words).output.split(separator: "\n").map(
            String.init
        )
    }

    private func bash(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: self.folder.path)
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": self.folder.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test func `installing writes one file, says where, and does nothing the second time`() throws {
        let first = try self.baton("completions", "install")
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.output.hasPrefix("wrote \(self.script)\n"))
        let written = try FileManager.default.attributesOfItem(atPath: self.script)[.systemFileNumber] as? Int
        let second = try self.baton("completions", "install")
        #expect(second.output.hasPrefix("is up to date: \(self.script)\n"))
        #expect(try FileManager.default.attributesOfItem(atPath: self.script)[.systemFileNumber] as? Int == written)
        #expect(
            self.folder.read(".local/share/bash-completion/completions/baton")
                == (try self.baton("completions", "install", "--print").output)
        )
        #expect(!FileManager.default.fileExists(atPath: self.folder(".bashrc")), "start files are left alone")
        // What is stale is written anew.
        try Data("__baton_of_old() {}".utf8).write(to: URL(fileURLWithPath: self.script))
        #expect(try self.baton("completions", "install").output.hasPrefix("wrote "))
        // What somebody else wrote is left alone.
        try Data("# my own\n".utf8).write(to: URL(fileURLWithPath: self.script))
        let refused = try self.baton("completions", "install")
        #expect(refused.code == 74)
        #expect(refused.errors.contains("is not a script of Baton's"))
        #expect(try String(contentsOfFile: self.script, encoding: .utf8) == "# my own\n")
    }

    @Test func `each shell has its place, and the user's folders come first`() throws {
        func file(_ shell: String, _ environment: [String: String]) throws -> JSON? {
            let binary = Binary(folder: self.folder.path, environment: environment)
            return try JSON(parsing: try binary("completions", "install", shell, "--json").output.utf8)["file"]
        }
        let home = self.folder.path
        #expect(try file("zsh", [:]) == .string("\(home)/.zfunc/_baton"))
        #expect(try file("zsh", ["ZDOTDIR": "\(home)/z"]) == .string("\(home)/z/.zfunc/_baton"))
        #expect(try file("fish", [:]) == .string("\(home)/.config/fish/completions/baton.fish"))
        #expect(try file("fish", ["XDG_CONFIG_HOME": "\(home)/c"]) == .string("\(home)/c/fish/completions/baton.fish"))
        #expect(
            try file("bash", ["XDG_DATA_HOME": "\(home)/d"]) == .string("\(home)/d/bash-completion/completions/baton")
        )
        // A path that is not absolute would be another one from each folder.
        #expect(try file("fish", ["XDG_CONFIG_HOME": "c"]) == .string("\(home)/.config/fish/completions/baton.fish"))
    }

    @Test func `a line that a start file needs is told until it is there`() throws {
        let advised = try self.baton("completions", "install", "zsh").output
        #expect(advised.contains("add to \(self.folder(".zshrc")):\n    fpath=(\(self.folder(".zfunc")) $fpath)\n"))
        _ = try self.folder.write("fpath=(~/.zfunc $fpath)\n", to: ".zshrc")
        #expect(!(try self.baton("completions", "install", "zsh").output.contains("add to")))
    }

    @Test func `an unknown shell and a place that cannot be written are said`() throws {
        #expect(try self.baton("completions", "install", "tcsh").code == 64)
        let dash = Binary(folder: self.folder.path, environment: ["SHELL": "/bin/dash"])
        let ending = try dash("completions", "install")
        #expect(ending.code == 64)
        #expect(ending.errors.contains("name bash, zsh or fish"))
        _ = try self.folder.write("", to: ".zfunc")
        let blocked = try self.baton("completions", "install", "zsh")
        #expect(blocked.code == 74)
        #expect(blocked.errors.contains("completions.unwritten"))
        let homeless = try Binary(folder: self.folder.path, environment: ["HOME": ""])("completions", "install", "bash")
        #expect(homeless.errors.contains("--print"))
    }

    @Test(.enabled(if: hasBash, "there is no bash"))
    func `bash takes the script and completes commands, plans and runs`() throws {
        #expect(try self.baton("completions", "install").code == 0)
        #expect(try self.bash(["-n", self.script]).code == 0)
        #expect(try self.proposed("baton", "sh") == ["show"])
        #expect(try self.proposed("baton", "completions", "install", "z") == ["zsh"])
        #expect(try self.proposed("baton", "show", "") == [], "no data folder, no runs, no noise")
        _ = try self.folder.write(
            """
            project_id: complete
            agents: [{agent_id: sh, command: [echo, fine]}, {agent_id: ed, type: person}]
            tasks: [{task_id: a, assigned_agent: sh}, {task_id: b, assigned_agent: ed}]
            """,
            to: "plan.yml"
        )
        _ = try self.folder.write("", to: "other.txt")
        #expect(try self.baton("run", "plan.yml", "--id", "open-1").code == 2)
        #expect(try self.baton("rehearse", "plan.yml", "--id", "over-1").code == 0)
        #expect(try self.proposed("baton", "run", "p") == ["plan.yml"])
        #expect(try self.proposed("baton", "run", "o") == [])
        #expect(try Set(self.proposed("baton", "show", "o")) == ["open-1", "over-1"])
        #expect(try self.proposed("baton", "show", "ov") == ["over-1"])
        #expect(try self.proposed("baton", "resume", "") == ["open-1"])
        #expect(try self.proposed("baton", "answer", "") == ["open-1"])
        #expect(try Set(self.proposed("baton", "graph", "")) == ["open-1", "over-1", "plan.yml"])
        #expect(try self.proposed("baton", "show", "--data-dir", "nowhere", "o") == [])
        #expect(try Set(self.proposed("baton", "show", "--data-dir", "'.baton'", "o")) == ["open-1", "over-1"])
        // A journal that cannot be read proposes nothing.
        try Data("no journal".utf8).write(to: URL(fileURLWithPath: self.folder(".baton/journal.sqlite")))
        #expect(try self.proposed("baton", "show", "o") == [])
    }
}
