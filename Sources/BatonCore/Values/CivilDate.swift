/// A date and time of the proleptic Gregorian calendar, without a zone; the arithmetic needs no Foundation.
package struct CivilDate: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour = 0
    package var minute = 0
    package var second = 0
    package var microsecond = 0

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    package init(_ moment: Timestamp) {
        let (days, rest) = floored(moment.microseconds, by: 86_400_000_000)
        (self.year, self.month, self.day) = Self.civil(fromDays: days)
        self.hour = Int(rest / 3_600_000_000)
        self.minute = Int(rest / 60_000_000 % 60)
        self.second = Int(rest / 1_000_000 % 60)
        self.microsecond = Int(rest % 1_000_000)
    }

    /// As if the clock on the wall stood in UTC.
    package var timestamp: Timestamp {
        let seconds =
            Self.days(self.year, self.month, self.day) * 86400
            + Int64(self.hour * 3600 + self.minute * 60 + self.second)
        return Timestamp(microseconds: seconds * 1_000_000 + Int64(self.microsecond))
    }

    /// Such as `2026-11-21`.
    package var dayText: String { "\(padded(self.year, 4))-\(padded(self.month, 2))-\(padded(self.day, 2))" }

    package func text(milliseconds: Bool) -> String {
        let date = self.dayText
        let time = "\(padded(self.hour, 2)):\(padded(self.minute, 2)):\(padded(self.second, 2))"
        return milliseconds ? "\(date)T\(time).\(padded(self.microsecond / 1000, 3))Z" : "\(date)T\(time)Z"
    }

    package var time: String { "\(padded(self.hour, 2)):\(padded(self.minute, 2)):\(padded(self.second, 2))" }

    package static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Days from 1970-01-01, counted in eras of 400 years that begin on 1 March, so that the leap day comes last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = Int(monthIndex < 10 ? monthIndex + 3 : monthIndex - 9)
        let year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        return (year, month, Int(dayOfYear - (153 * monthIndex + 2) / 5 + 1))
    }
}

extension CivilDate {
    /// Why a text is no date.
    package enum Fault: Error, Equatable {
        case form
        case impossible(String)
    }

    /// Reads `YYYY-MM-DD`, with `THH:MM[:SS]` and `Z` or `±HH:MM` if wanted; years 1970 to 9999.
    ///
    /// The offset, in seconds east, is nil when the text names no zone.
    package static func parse(_ text: String) throws(Fault) -> (date: CivilDate, offset: Int?) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2)
        else { throw .form }
        var date = CivilDate(year: year, month: month, day: day)
        var offset: Int?
        if reader.take("T") || reader.take(" ") {
            guard let hour = reader.number(2), reader.take(":"), let minute = reader.number(2) else { throw .form }
            (date.hour, date.minute) = (hour, minute)
            if reader.take(":") {
                guard let second = reader.number(2) else { throw .form }
                date.second = second
                if reader.take(".") { guard reader.skipDigits() else { throw .form } }
            }
            if reader.take("Z") {
                offset = 0
            } else if let sign = reader.take("+") ? 1 : reader.take("-") ? -1 : nil {
                guard let hours = reader.number(2), reader.take(":"), let minutes = reader.number(2), hours < 24,
                    minutes < 60
                else { throw .form }
                offset = sign * (hours * 3600 + minutes * 60)
            }
        }
        guard reader.isAtEnd else { throw .form }
        try date.validate()
        return (date, offset)
    }

    private func validate() throws(Fault) {
        guard 1970...9999 ~= self.year else { throw .impossible("the year \(self.year) is not between 1970 and 9999") }
        guard 1...12 ~= self.month else { throw .impossible("there is no month \(self.month)") }
        let length = Self.daysInMonth(self.month, of: self.year)
        guard 1...length ~= self.day else {
            throw .impossible("month \(self.month) of \(self.year) has \(length) days, not \(self.day)")
        }
        guard self.hour < 24, self.minute < 60, self.second < 60 else {
            throw .impossible("\(self.time) is not a time of day")
        }
    }
}

/// Reads fixed-width numbers from ASCII.
private struct DigitReader {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { self.index == self.bytes.count }

    mutating func number(_ width: Int) -> Int? {
        guard self.index + width <= self.bytes.count else { return nil }
        var value = 0
        for byte in self.bytes[self.index..<self.index + width] {
            guard 0x30...0x39 ~= byte else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        self.index += width
        return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.index < self.bytes.count, UInt32(self.bytes[self.index]) == character.value else { return false }
        self.index += 1
        return true
    }

    mutating func skipDigits() -> Bool {
        let start = self.index
        while self.index < self.bytes.count, 0x30...0x39 ~= self.bytes[self.index] { self.index += 1 }
        return 1...9 ~= self.index - start
    }
}

private func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

/// The number with leading zeros to at least `width` digits.
package func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
