/// Which patterns are held against texts of others.
enum PatternRule {
    static let words = "pattern that can be read: it is none, looks or refers back, or is too long"

    private static let longest = 1000

    static func holds(_ pattern: String) -> Bool { pattern.utf8.count <= self.longest && TextPattern(pattern) != nil }
}
