import ArgumentParser
import BatonCore
import BatonEngine
import Foundation

/// Where a shell looks for the completions of one user, and what has to stand in its start file for that.
struct ShellFolder {
    /// The file that is written.
    let file: String
    /// What to add to a start file, if anything.
    let advice: [String]

    /// - Parameter environment: of the user; the folders that it names come first.
    /// - Throws: ``BatonError`` if it does not say where the user's files are.
    init(_ shell: CompletionShell, _ environment: [String: String]) throws {
        func named(_ variable: String) -> String? { environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        guard let home = named("HOME") else {
            throw BatonError(
                .completionsUnwritten,
                "HOME does not say where your files are",
                remedy: "set HOME, or use --print and put the script where your shell looks"
            )
        }
        switch shell {
        case .zsh:
            let start = named("ZDOTDIR") ?? home
            let folder = "\(start)/.zfunc"
            self.file = "\(folder)/_baton"
            self.advice = Self.advice(
                "\(start)/.zshrc",
                [
                    "fpath=(\(CommandHint.quoted(folder)) $fpath)", "autoload -Uz compinit && compinit",
                ],
                unlessItSays: ".zfunc"
            )
        case .fish:
            // fish looks there by itself.
            self.file = "\(named("XDG_CONFIG_HOME") ?? "\(home)/.config")/fish/completions/baton.fish"
            self.advice = []
        default:
            let folder =
                named("BASH_COMPLETION_USER_DIR")
                ?? "\(named("XDG_DATA_HOME") ?? "\(home)/.local/share")/bash-completion"
            self.file = "\(folder)/completions/baton"
            let quoted = CommandHint.quoted(self.file)
            // The package bash-completion loads it from there; who has it needs no line.
            let hasPackage = [
                "/usr/share/bash-completion/bash_completion", "/opt/homebrew/etc/profile.d/bash_completion.sh",
            ]
            .contains { FileManager.default.fileExists(atPath: $0) }
            self.advice =
                hasPackage ? [] : Self.advice("\(home)/.bashrc", ["source \(quoted)"], unlessItSays: self.file)
        }
    }

    private static func advice(_ start: String, _ lines: [String], unlessItSays word: String) -> [String] {
        let text = FileManager.default.contents(atPath: start).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.contains(word) ? [] : ["add to \(PlainText.of(start)):"] + lines.map { "    \($0)" }
    }

    /// Writes the script unless the file holds it already.
    ///
    /// - Returns: whether anything was written.
    func install(_ script: String) throws -> Bool {
        let bytes = Data(script.utf8)
        guard FileManager.default.contents(atPath: self.file) != bytes else { return false }
        // What somebody else has put there, or linked to, is not ours to replace.
        if let old = FileManager.default.contents(atPath: self.file),
            !String(decoding: old, as: UTF8.self).contains("__baton")
                || (try? FileManager.default.destinationOfSymbolicLink(atPath: self.file)) != nil
        {
            throw BatonError(
                .completionsUnwritten,
                "\(PlainText.of(self.file)) is there and is not a script of Baton's",
                remedy: "move it away, or use --print and put the script where you want it"
            )
        }
        let place = URL(fileURLWithPath: self.file)
        do {
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try bytes.write(to: place, options: .atomic)
            return true
        } catch {
            throw BatonError(
                .completionsUnwritten,
                "\(PlainText.of(self.file)) cannot be written: \(error.localizedDescription)",
                remedy: "check the folder, or use --print and put the script where your shell looks",
                cause: error
            )
        }
    }
}

extension BatonError.Code {
    static let completionsUnwritten = BatonError.Code("completions.unwritten")
}
