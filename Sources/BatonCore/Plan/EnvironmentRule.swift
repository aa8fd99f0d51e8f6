/// Which variables a plan may give to commands: none that changes what runs, and no keys.
package enum EnvironmentRule {
    package static let remedy =
        "choose another name of A-Z, 0-9 and _; the engine sets PATH itself and never passes keys or loader variables"

    package static func fault(of variable: AgentProfile.Variable) -> String? {
        let name = variable.name
        guard let first = name.utf8.first, !(0x30...0x39 ~= first),
            name.utf8.allSatisfy({ Self.isNameByte($0) })
        else { return "it is not a name of letters, digits and _" }
        if variable.text.utf8.contains(0) { return "its value holds NUL" }
        let upper = name.uppercased()
        if Self.steering.contains(upper) { return "it changes what programs run" }
        if ["LD_", "DYLD_", "GIT_", "BATON_"].contains(where: upper.hasPrefix) {
            return "it changes what programs run"
        }
        if Self.secret.contains(where: { upper == $0 || upper.hasSuffix("_\($0)") }) { return "plans hold no keys" }
        return nil
    }

    /// Whether a variable looks like one that holds a key, by its name.
    package static func isSecret(_ name: String) -> Bool {
        let upper = name.uppercased()
        return upper.hasSuffix("_PAT") || Self.secretParts.contains(where: upper.contains)
    }

    private static let secretParts = [
        "KEY", "TOKEN", "SECRET", "PASSW", "PASSPHRASE", "CREDENTIAL", "AUTH", "COOKIE",
    ]

    // Shells, loaders and interpreters read programs or options from these.
    private static let steering: Set<String> = [
        "PATH", "HOME", "IFS", "ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PROMPT_COMMAND", "ZDOTDIR", "PYTHONPATH",
        "PYTHONHOME", "PYTHONSTARTUP", "NODE_OPTIONS", "NODE_PATH", "PERL5OPT", "PERL5LIB", "PERL5DB", "RUBYOPT",
        "RUBYLIB", "JAVA_TOOL_OPTIONS", "GCONV_PATH", "GLIBC_TUNABLES",
    ]
    private static let secret = ["API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "TOKEN", "SECRET", "PASSWORD", "PASSPHRASE"]

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x5F: true
        default: false
        }
    }
}
