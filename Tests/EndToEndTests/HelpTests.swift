import ArgumentParser
import BatonTestKit
import Foundation
import Testing

@testable import BatonCLI

/// Every command says how it is used, and what it says is true.
@Suite(.ownThreads) struct HelpTests {
    /// A command with the words that lead to it.
    struct Named: CustomTestStringConvertible, Sendable {
        let words: [String]
        let type: any ParsableCommand.Type

        var testDescription: String { self.words.joined(separator: " ") }
    }

    static let commands = below(BatonCommand.self, ["baton"])

    private static func below(_ type: any ParsableCommand.Type, _ words: [String]) -> [Named] {
        [Named(words: words, type: type)]
            + type.configuration.subcommands.flatMap { below($0, words + [$0.configuration.commandName ?? ""]) }
    }

    /// The lines of a command's help that begin an example, without a prompt.
    private static func examples(_ command: Named) -> [String] {
        let lines = command.type.configuration.discussion.split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return lines.compactMap { line in
            let line = line.replacing("Example: ", with: "")
            return line.hasPrefix("baton ") ? line : nil
        }
    }

    /// The words of an example up to a pipe or a redirection, quotes taken off.
    private static func words(_ example: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in example {
            switch character {
            case "\"":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let word { words.append(word) }
                word = nil
            case "|" where !isQuoted, ">" where !isQuoted: return words
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    @Test func `there are commands to look at`() {
        #expect(Self.commands.count >= 14)
        #expect(Set(Self.commands.map(\.testDescription)).count == Self.commands.count)
    }

    @Test(arguments: commands)
    func `each command has a sentence and an example of itself`(command: Named) throws {
        let configuration = command.type.configuration
        #expect(configuration.abstract.hasSuffix("."))
        #expect(BatonCommand.helpMessage(for: command.type).contains("Example"))
        let examples = Self.examples(command)
        #expect(examples.contains { "\($0) ".hasPrefix("\(command.testDescription) ") }, "\(examples)")
    }

    @Test(arguments: commands)
    func `each example is a command line that the parser takes`(command: Named) throws {
        for example in Self.examples(command) {
            let words = Self.words(example)
            #expect(throws: Never.self, "\(example)") { _ = try BatonCommand.parseAsRoot(Array(words.dropFirst())) }
        }
    }

    @Test(arguments: commands)
    func `each option that a help names in its discussion exists`(command: Named) {
        let help = BatonCommand.helpMessage(for: command.type)
        let options = help.components(separatedBy: "OPTIONS:").dropFirst().joined()
        for match in command.type.configuration.discussion.matches(of: /--[a-z][a-z-]*/) {
            #expect(options.contains(match.output) || command.words.count == 1, "\(match.output)")
        }
    }

    @Test(arguments: commands.filter { $0.type.configuration.subcommands.isEmpty })
    func `each command has --json`(command: Named) {
        #expect(BatonCommand.helpMessage(for: command.type).contains("--json"))
    }
}
