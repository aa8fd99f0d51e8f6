import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import Foundation
import OrderedCollections

/// `baton cost`: what the models of a run were asked, and what that cost.
struct CostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost",
        abstract: "Tells what the models of a run cost, by agent, task and model.",
        discussion: """
            Examples:
              baton cost plan-1
              baton cost plan-1 --json
            It reads the journal, also while the run goes on. A question whose price nobody knows counts as nothing and is named; \
            `baton cost --prices` prints the prices that are known.
            """
    )

    @Argument(help: "The run. Default: the newest.", completion: RunNames.all) var run: String?
    @Flag(help: "Print the prices that are known, in US dollars for a million tokens.") var prices = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            guard !self.prices else { return try self.printPrices() }
            let folder = try ReadOnly(self.data.path)
            let id = try await folder.run(self.run)
            let facts = try await folder.facts(of: id)
            let run = try RunSheet.of(id, facts).run
            let sheet = CostSheet(run, facts)
            guard !self.output.json else {
                return Console.print(sheet.json.adding("run", .string(id.text)))
            }
            self.print(sheet, of: id)
            if let words = RehearsedWords.line(of: run.plan) { Console.print("\n\(words)") }
        }
    }

    private func print(_ sheet: CostSheet, of run: RunID) {
        guard sheet.total.calls > 0 else {
            Console.print("run \(run) has asked no model")
            return Self.printBudgets(of: sheet)
        }
        Console.print("Run \(run): \(CountText.of(sheet.total.calls, "question")), \(Self.money(sheet.total))")
        let parts: [(String, OrderedDictionary<String, CostSheet.Line>)] = [
            ("AGENT", sheet.agents), ("TASK", sheet.tasks), ("MODEL", sheet.models),
        ]
        for (name, lines) in parts {
            Console.print("")
            let head = [name, "QUESTIONS", "FAILED", "READ", "FROM CACHE", "WRITTEN", "COST", "SAVED"]
            TextTable.print([head] + lines.map { Self.row($0.key, $0.value) })
        }
        Self.printBudgets(of: sheet)
        for note in Self.notes(on: sheet) { Console.print("\n\(note)") }
    }

    private static func row(_ name: String, _ line: CostSheet.Line) -> [String] {
        let kinds = line.usage.tokenKinds ?? Usage.TokenKinds()
        return [
            PlainText.line(name, limit: 40), "\(line.calls)", line.failures == 0 ? "" : "\(line.failures)",
            "\(kinds.input + kinds.cacheWrite)", "\(kinds.cacheRead)", "\(kinds.output)", Self.money(line),
            line.usage.saved == .zero ? "" : "\(line.usage.saved)",
        ]
    }

    private static func money(_ line: CostSheet.Line) -> String {
        guard line.unpriced > 0 else { return "\(line.usage.money)" }
        return line.usage.money == .zero ? "no price" : "\(line.usage.money) and more"
    }

    private static func printBudgets(of sheet: CostSheet) {
        guard !sheet.budgets.isEmpty else { return }
        Console.print("")
        for budget in sheet.budgets.prefix(20) { Console.print("Budget of \(budget.words).") }
    }

    private static func notes(on sheet: CostSheet) -> [String] {
        var notes: [String] = []
        if sheet.total.usage.tokenKinds?.isEstimated == true {
            notes.append("Some tokens are reckoned from the length of texts, as the provider did not count them.")
        }
        if sheet.total.lost > 0 {
            notes.append(
                "Of \(CountText.of(sheet.total.lost, "question")) nobody knows what they cost: they were on their way when an engine ended. Under a budget "
                    + "they count with all that was set aside for them."
            )
        }
        if sheet.total.open > 0 {
            notes.append("Of \(CountText.of(sheet.total.open, "question")) no answer has come yet.")
        }
        let unknown = sheet.models.filter { $0.value.unpriced > 0 }.keys.joined(separator: ", ")
        if !unknown.isEmpty {
            notes.append(
                "No price is known for \(unknown); give it in prices.json of the data folder, see docs/models.md."
            )
        }
        return notes
    }

    private func printPrices() throws {
        let table = try Prices.table(in: self.data.path)
        guard !self.output.json else { return Console.print(table.json) }
        Console.print("US dollars for a million tokens, by \(PriceTable.source) and your own file\n")
        let amount = { (micro: Int64) in "\(Money(microUSD: micro))".replacingOccurrences(of: " USD", with: "") }
        let rows = table.all.map { name, price in
            [name, amount(price.input), amount(price.cacheRead), amount(price.cacheWrite), amount(price.output)]
        }
        TextTable.print([["MODEL", "READ", "FROM CACHE", "INTO CACHE", "WRITTEN"]] + rows)
    }
}

/// The prices that this program goes by.
enum Prices {
    /// The file named by `BATON_PRICES`, else `prices.json` of the data folder, before what is known without one.
    static func table(in dataFolder: String) throws -> PriceTable {
        let named = Surroundings.variables["BATON_PRICES"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? "\(dataFolder)/prices.json"
        guard let file = FileManager.default.contents(atPath: path) else {
            guard named == nil else {
                throw BatonError(
                    BatonError.Code("price.file"),
                    "the file of prices \(path), named by BATON_PRICES, cannot be read",
                    remedy: "write it, or take the variable away"
                )
            }
            return .known
        }
        do throws(Refusal) {
            return try PriceTable(overriding: Array(file.prefix(16 << 20)))
        } catch {
            throw BatonError(BatonError.Code(error.code), "\(path): \(error.message)", remedy: error.remedy)
        }
    }
}
