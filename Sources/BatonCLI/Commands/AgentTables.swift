import BatonCore
import BatonReports

/// The built-in agents.
enum BuiltInTable {
    static func print(json: Bool) {
        guard !json else {
            return Console.print(
                .array(
                    BuiltInProfile.all.map { profile in
                        [
                            "type": .string(profile.type), "occupation": .string(profile.occupation),
                            "tools": .array(profile.tools.map { .string($0) }),
                            "capabilities": .array(profile.capabilities.map { .string($0.name) }),
                            "phases": .array(profile.phases.map { .string($0.rawValue) }),
                            "produces": profile.produces ?? .null, "text": .string(profile.text),
                        ]
                    }
                )
            )
        }
        var rows = [["TYPE", "DOES", "CAN", "TOOLS"]]
        for profile in BuiltInProfile.all {
            let abilities = profile.capabilities.map(\.name).joined(separator: ", ")
            rows.append([profile.type, profile.occupation, abilities, "\(profile.tools.count)"])
        }
        TextTable.print(rows)
        Console.print(
            "A task with agent_type: TYPE gets one; its model is defaults.model or BATON_MODEL. docs/models.md tells more."
        )
    }
}

/// Who declares a capability, with price and time.
enum CapabilityTable {
    static func print(_ offers: [TeamStatus.Offer], json: Bool) {
        guard !json else { return Console.print(.array(offers.map(\.json))) }
        guard !offers.isEmpty else { return Console.print("nobody declares it") }
        var rows = [["AGENT", "RUN", "COST", "TIME", "KNOWN", "NOW"]]
        for offer in offers {
            rows.append([
                offer.agent.text, offer.run.text, offer.cost?.description ?? "",
                offer.time.map { SpanText.of($0) } ?? "",
                offer.cost == nil && offer.time == nil ? "" : offer.isMeasured ? "measured" : "declared",
                offer.isBusy ? "busy" : "free",
            ])
        }
        TextTable.print(rows)
    }
}
