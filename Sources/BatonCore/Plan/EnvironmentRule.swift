/// Which variables a plan may give to commands: none that changes what runs, and no keys.
package enum EnvironmentRule {
    package static let remedy =
        "choose another name of A-Z, 0-9 and _; the engine sets PATH itself and never passes keys or loader variables"

    package static func fault(of variable: NamedText) -> String? {
        let name = variable.name
        guard let first = name.utf8.first, !(0x30...0x39 ~= first),
            name.utf8.allSatisfy({ Self.isNameByte($0) })
        else { return "it is not a name of letters, digits and _" }
        if variable.text.utf8.contains(0) { return "its value holds NUL" }
        let upper = name.uppercased()
        if ["PATH", "IFS", "ENV", "BASH_ENV", "SHELLOPTS", "HOME", "PYTHONPATH", "NODE_OPTIONS", "PERL5OPT", "RUBYOPT"]
            .contains(upper)
        {
            return "it changes what programs run"
        }
        if ["LD_", "DYLD_", "GIT_", "BATON_"].contains(where: upper.hasPrefix) {
            return "it changes what programs run"
        }
        if ["_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD"].contains(where: upper.hasSuffix) {
            return "plans hold no keys"
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x5F: true
        default: false
        }
    }
}
