import BatonCore

extension HTMLReport {
    private static let mostMeetings = 100
    private static let mostItems = 100

    /// Minutes of every meeting, and what was said in it behind a line.
    func meetings(_ page: inout HTMLWriter) {
        let all = MeetingWords.all(self.report, self.sources)
        if all.isEmpty { page.element("p", text: "No meeting has begun yet.") }
        for words in all.prefix(Self.mostMeetings) { self.minutes(words, &page) }
        let left = all.count - Self.mostMeetings
        if left > 0 { page.element("p", text: "… and \(left) more.") }
    }

    private func minutes(_ words: MeetingWords, _ page: inout HTMLWriter) {
        page.element("article") { page in
            page.element("h3") { page in self.name(of: words.meeting.task, &page) }
            let description = MinutesForm.topic(of: self.report.run.spec(words.meeting.task))
            if !description.isEmpty {
                page.element("p", [("class", "faint")], text: PlainText.line(description, limit: 600))
            }
            page.element("p", text: words.summary)
            if let emptiness = words.emptiness { page.element("p", text: emptiness) }
            if !words.lists.isEmpty {
                page.element("dl") { page in
                    for (heading, items) in words.lists {
                        page.element("dt", text: heading)
                        for item in items.prefix(Self.mostItems) {
                            page.element("dd") { page in self.item(item, words, &page) }
                        }
                        let left = items.count - Self.mostItems
                        if left > 0 { page.element("dd", text: "… and \(left) more") }
                    }
                }
            }
            self.transcript(words, &page)
        }
        page.lineBreak()
    }

    private func item(_ item: MeetingRecord.Item, _ words: MeetingWords, _ page: inout HTMLWriter) {
        page.text(item.text + (words.details(of: item).map { " (\($0))" } ?? ""))
        let said = words.speakers(of: item)
        if !said.isEmpty {
            page.text("; said by ")
            for (place, speaker) in said.prefix(5).enumerated() {
                if place > 0 { page.text(", ") }
                page.element("a", [("href", "#u\(speaker.task.value)")], text: speaker.words)
            }
        }
        guard let task = item.task else { return }
        page.text("; task ")
        self.name(of: task, &page)
        page.text(", ")
        self.state(of: task, &page)
    }

    private func transcript(_ words: MeetingWords, _ page: inout HTMLWriter) {
        let said = words.meeting.utterances.filter { !$0.isPass }
        guard !said.isEmpty else { return }
        page.element("details") { page in
            page.element("summary", text: "What was said (\(CountText.of(said.count, "utterance")))")
            page.element("dl") { page in
                for utterance in said {
                    page.element("dt", [("id", "u\(utterance.task.value)")], text: words.words(for: utterance))
                    let text = PlainText.of(utterance.text ?? "It is too long to stand here.", keepingLines: true)
                    page.element("dd", [("class", "text")], text: String(text.prefix(4000)))
                }
            }
        }
    }
}
