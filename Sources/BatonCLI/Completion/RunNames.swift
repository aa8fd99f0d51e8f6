import ArgumentParser
import BatonCore
import BatonEngine
import BatonPlans
import BatonSQLite
import Foundation

/// What a shell proposes where a run can be named: those of the data folder, the newest first.
///
/// It is asked while somebody types: whatever goes wrong, it proposes nothing and says nothing.
enum RunNames {
    /// More than this nobody picks from.
    private static let most = 100

    /// Any run.
    static var all: CompletionKind {
        .custom { words, _, prefix in await Self.names(words, prefix) { _ in true } }
    }

    /// Runs that can be resumed.
    static var unended: CompletionKind {
        .custom { words, _, prefix in await Self.names(words, prefix) { !$0.isEnded } }
    }

    /// Runs with open questions.
    static var asking: CompletionKind {
        .custom { words, _, prefix in await Self.names(words, prefix) { $0.openQuestions > 0 } }
    }

    /// Any run, and the files that can be plans.
    static var orPlans: CompletionKind {
        .custom { words, _, prefix in await Self.names(words, prefix) { _ in true } + Self.plans(prefix) }
    }

    private static func names(
        _ words: [String],
        _ prefix: String,
        where fits: @Sendable (RunHead) -> Bool
    ) async -> [String] {
        let path = Self.dataFolder(words)
        // No folder, no journal, a damaged one: nothing to propose.
        guard let folder = try? ReadOnly(path), let heads = try? await folder.journal.heads() else { return [] }
        // A shell splits what it reads at line ends, and a name from a journal is data.
        let names = heads.filter(fits).map(\.run.text).filter { $0.hasPrefix(prefix) && NameRule.fault(of: $0) == nil }
        return Array(names.prefix(Self.most))
    }

    // The words are those of the command line as it stands, quotes and all.
    private static func dataFolder(_ words: [String]) -> String {
        for (place, word) in words.enumerated() {
            if word == "--data-dir", place + 1 < words.count { return Self.unquoted(words[place + 1]) }
            if word.hasPrefix("--data-dir=") { return Self.unquoted(String(word.dropFirst("--data-dir=".count))) }
        }
        return DataOptions.usualPath
    }

    private static func unquoted(_ word: String) -> String {
        for quote in ["'", "\""] where word.count >= 2 && word.hasPrefix(quote) && word.hasSuffix(quote) {
            return String(word.dropFirst().dropLast())
        }
        return word.replacing("\\ ", with: " ")
    }

    /// The endings of plan files.
    static let planEndings = ["yml", "yaml", "json"]

    private static func plans(_ prefix: String) -> [String] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        // A folder that cannot be read has nothing to propose.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let paths = names.filter { !$0.hasPrefix(".") && !$0.contains("\n") }.sorted().map { folder + $0 }
        return paths.filter { $0.hasPrefix(prefix) }.compactMap { path in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
            if isFolder.boolValue { return path + "/" }
            return Self.planEndings.contains { path.hasSuffix(".\($0)") } ? path : nil
        }
    }
}
