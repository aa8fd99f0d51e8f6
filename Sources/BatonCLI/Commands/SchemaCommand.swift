import ArgumentParser
import BatonPlans

/// `baton schema`: the plan form for editors.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of plans.",
        discussion: "Example: baton schema > plan.schema.json"
    )

    @OptionGroup var output: OutputOptions

    func run() async throws { Console.print(PlanSchema.document()) }
}
