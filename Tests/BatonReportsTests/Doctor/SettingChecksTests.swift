import Testing

@testable import BatonReports

@Suite struct SettingChecksTests {
    private static func lines(_ flag: String?, _ environment: [String: String]) -> [String] {
        SettingChecks.checks(flag: flag, usual: ".baton", environment: environment).map(\.line.plain)
    }

    @Test func `a setting that is given twice is told with what counts and what is passed over`() throws {
        let line = try #require(Self.lines("/a", ["BATON_DATA_DIR": "/b"]).first)
        #expect(line.contains("data folder /a, from --data-dir; /b is passed over"))
        #expect(line.contains("--data-dir, then BATON_DATA_DIR, then .baton"))
    }

    @Test(
        arguments: [
            (nil, [:], "data folder .baton, as nothing else is said"),
            (nil, ["BATON_DATA_DIR": "/b"], "data folder /b, from BATON_DATA_DIR"),
            (nil, ["BATON_DATA_DIR": ""], "data folder .baton, as nothing else is said"),
            ("/a", [:], "data folder /a, from --data-dir"),
        ] as [(String?, [String: String], String)]
    )
    func `it is told where a setting comes from`(flag: String?, environment: [String: String], said: String) {
        #expect(Self.lines(flag, environment).first?.contains(said) == true)
    }

    @Test func `a variable that nothing reads is told, with the one that was meant`() {
        let lines = Self.lines(nil, ["BATON_DATADIR": "/b", "BATON_SPEED": "9", "BATON_RUN": "r", "PATH": "/bin"])
        #expect(lines.count == 3)
        #expect(lines[1].contains("BATON_DATADIR is set, and nothing reads it"))
        #expect(lines[1].contains("did you mean BATON_DATA_DIR?"))
        #expect(lines[2].contains("BATON_SPEED"))
    }
}
