import BatonCore
import Testing

/// How votes become one answer or none.
@Suite struct BallotTests {
    private func voter(_ place: Int, _ output: JSON?, agent: AgentID? = nil, weight: Int64 = 100) -> PartResult {
        PartResult(
            task: TaskID("poll.\(place)"),
            agent: agent,
            output: output,
            shortfall: output == nil ? "failed: no answer" : nil,
            weight: weight
        )
    }

    private func poll(min: Double? = nil, judge: AgentID? = nil) -> TaskSpec {
        var task = TaskSpec(id: "poll", description: "Is it ready?")
        task.pattern = .consensus
        task.minAgreement = min
        task.judge = judge
        return task
    }

    private func result(_ task: TaskSpec, _ parts: [PartResult]) throws -> JSON {
        try Joining.result(of: task, parts: parts).get()
    }

    @Test func `members that the form of an answer does not name make no difference`() throws {
        var task = self.poll()
        task.produces = ["type": "object", "properties": ["choice": ["type": "string"]]]
        let votes: [JSON] = [["choice": "a"], ["choice": "A", "note": "because"]]
        let told = try self.result(task, votes.enumerated().map { self.voter($0 + 1, $1) })
        #expect(told["consensus"] == true && told["winning_result"] == ["choice": "a"])
        task.produces = nil
        #expect(try self.result(task, votes.enumerated().map { self.voter($0 + 1, $1) })["consensus"] == false)
    }

    @Test func `three are asked, one fails and two agree: at 0.7 of all asked that is no consensus, and says so`()
        throws
    {
        let votes = [self.voter(1, "Yes"), self.voter(2, nil), self.voter(3, "yes.")]
        let told = try self.result(self.poll(min: 0.7), votes)
        #expect(told["consensus"] == false)
        #expect(told["agreement"] == 0.6667)
        #expect(told["winning_result"] == .null)
        #expect(told["reason"]?.string == "2 of 3 asked agree, which is less than min_agreement 0.7")
        #expect(told["failures"]?[0]?["error"] == "failed: no answer")
        // At the usual 0.6 the same votes are enough.
        let enough = try self.result(self.poll(), votes)
        #expect(enough["consensus"] == true)
        #expect(enough["winning_result"] == "Yes")
    }

    @Test func `the minority is in the result, with its words and who said them`() throws {
        let told = try self.result(
            self.poll(),
            [
                self.voter(1, "swift", agent: "ann"), self.voter(2, "Swift", agent: "bob"),
                self.voter(3, "rust", agent: "cyd"),
            ]
        )
        #expect(told["winning_result"] == "swift")
        #expect(told["minority"] == [["answer": "rust", "voters": ["cyd"], "share": 0.3333]])
        #expect(told["total_agents"] == 3 && told["successful_agents"] == 3)
    }

    @Test func `a tie is no consensus, however little agreement is wanted, and is named`() throws {
        let votes = [self.voter(1, "a"), self.voter(2, "b"), self.voter(3, "a"), self.voter(4, "b")]
        let told = try self.result(self.poll(min: 0.3), votes)
        #expect(told["consensus"] == false)
        #expect(told["reason"]?.string == "tie: 2 answers have as many votes")
    }

    @Test func `where less than half have answered nothing is agreed, and without any answer the task fails`() throws {
        let few = [self.voter(1, "a"), self.voter(2, nil), self.voter(3, nil)]
        let told = try self.result(self.poll(min: 0.3), few)
        #expect(told["consensus"] == false)
        #expect(told["reason"]?.string == "1 of 3 have answered, which is less than half")
        let failure = #expect(throws: Failure.self) {
            try self.result(self.poll(), [self.voter(1, nil), self.voter(2, nil)])
        }
        #expect(failure?.code == "consensus.no_votes")
        #expect(failure?.kind == .permanent)
    }

    @Test func `a vote that ended early names what those who were left could not have brought about`() throws {
        let spared = { (place: Int) in PartResult(task: TaskID("poll.\(place)"), shortfall: SkipReason.spared) }
        let lost = [
            self.voter(1, "a"), self.voter(2, nil), self.voter(3, nil), self.voter(4, nil), spared(5), spared(6),
        ]
        let lostAt = { (parts: [PartResult]) in try self.result(self.poll(min: 0.1), parts)["reason"]?.string }
        #expect(
            try lostAt(lost + [self.voter(7, nil)])
                == "1 of 7 have answered, and 2 more could not make it half of them; nobody asked them"
        )
        // Few have answered, and the others would have sufficed for half: it was the agreement that could not be reached.
        let apart = [self.voter(1, "a"), self.voter(2, "b"), spared(3), spared(4), spared(5)]
        #expect(
            try self.result(self.poll(min: 0.9), apart)["reason"]?.string
                == "1 of 5 asked agree, and 3 more could not make it min_agreement 0.9; nobody asked them"
        )
    }

    @Test func `letter case, blanks, order of members and ways to write a number make no other answer`() throws {
        let same: [(JSON, JSON)] = [
            ("  It is\nREADY! ", "it is ready"), (["a": 1, "b": "X"], ["b": "x", "a": 1.0]), ([1, "A"], [1.0, "a"]),
        ]
        for (left, right) in same {
            let told = try self.result(self.poll(min: 1), [self.voter(1, left), self.voter(2, right)])
            #expect(told["consensus"] == true, "\(left) \(right)")
        }
        for (left, right) in [("1", 1), ("a b", "ab"), (["a"], "a"), (0.5, 0)] as [(JSON, JSON)] {
            let told = try self.result(self.poll(min: 1), [self.voter(1, left), self.voter(2, right)])
            #expect(told["consensus"] == false, "\(left) \(right)")
        }
    }

    @Test func `prose that means the same is one vote where a judge says so`() throws {
        var votes = [
            self.voter(1, "Use SQLite, it is enough."), self.voter(2, "A single-file database will do: SQLite."),
            self.voter(3, "Postgres."),
        ]
        let groups: JSON = [
            "groups": [
                ["meaning": "SQLite", "answers": ["poll.2", "poll.1"]]
            ]
        ]
        votes.append(PartResult(task: "poll.judge", agent: "jo", output: groups))
        let told = try self.result(self.poll(judge: "jo"), votes)
        #expect(told["consensus"] == true)
        #expect(told["winning_result"] == "Use SQLite, it is enough.")
        #expect(told["votes"]?[0]?["meaning"] == "SQLite")
        // Whom the judge has left out is alone.
        #expect(told["minority"]?[0]?["answer"] == "Postgres.")
        #expect(told["total_agents"] == 3)
        #expect(told["judged"] == "by meaning")
    }

    @Test(arguments: [
        ([["poll.1", "nobody"]], "nobody has brought no answer"),
        ([["poll.1"], ["poll.1", "poll.2"]], "poll.1 stands in group 0 too"),
        ([["poll.1", "poll.2"], ["poll.3"]], "poll.2 and poll.3 say the same and stand apart"),
    ])
    func `a judge who contradicts itself, or what was said, is not followed`(groups: [[String]], why: String) throws {
        var votes = [self.voter(1, "a"), self.voter(2, "b"), self.voter(3, "B")]
        let said = groups.map { group -> JSON in ["meaning": "x", "answers": .array(group.map { .string($0) })] }
        votes.append(PartResult(task: "poll.judge", agent: "jo", output: ["groups": .array(said)]))
        let told = try self.result(self.poll(judge: "jo"), votes)
        #expect(told["winning_result"] == "b")
        #expect(
            told["judged"]?.string?.contains(why) == true
                && told["judged"]?.string?.hasSuffix("compared by value") == true
        )
    }

    @Test func `of a part that is a pattern itself counts what it has brought, not who did what`() throws {
        let vote = { (id: TaskID, agent: String) -> PartResult in
            var part = TaskSpec(id: id)
            part.pattern = .consensus
            let output: JSON = ["consensus": true, "winning_result": "yes", "votes": [["voters": [.string(agent)]]]]
            return PartResult(of: part, in: self.poll(), agents: [], output: output, shortfall: nil)
        }
        let told = try self.result(self.poll(min: 1), [vote("poll.1", "ann"), vote("poll.2", "bob")])
        #expect(told["consensus"] == true && told["winning_result"] == "yes")
    }

    @Test func `a voter that is called like a judge counts where there is none`() throws {
        let votes = [
            self.voter(1, "no"), self.voter(2, "no"), self.voter(3, "fine"),
            PartResult(task: "poll.judge", agent: "x", output: "fine"),
        ]
        #expect(try self.result(self.poll(), votes)["total_agents"] == 4)
    }

    @Test func `without the judge's word answers are compared by value, and that is said`() throws {
        let votes = [
            self.voter(1, "x"), self.voter(2, "X"), PartResult(task: "poll.judge", shortfall: "failed: refused"),
        ]
        let told = try self.result(self.poll(judge: "jo"), votes)
        #expect(told["consensus"] == true)
        #expect(told["judged"] == "poll.judge failed: refused; compared by value")
    }

    @Test func `votes weigh what their voters are able to`() throws {
        let votes = [
            self.voter(1, "a", weight: 900), self.voter(2, "b", weight: 200), self.voter(3, "b", weight: 300),
            self.voter(4, "b", weight: 0),
        ]
        let told = try self.result(self.poll(), votes)
        #expect(told["winning_result"] == "a")
        #expect(told["agreement"] == 0.6429)
        let nobody = try self.result(self.poll(), [self.voter(1, "a", weight: 0), self.voter(2, "a", weight: 0)])
        #expect(nobody["consensus"] == false)
    }

    @Test func `an agent that was asked more than once is named`() throws {
        let votes = [
            self.voter(1, "a", agent: "ann"), self.voter(2, "a", agent: "bob"), self.voter(3, "a", agent: "ann"),
        ]
        let told = try self.result(self.poll(), votes)
        #expect(told["same_agent"] == [["agent": "ann", "votes": ["poll.1", "poll.3"]]])
    }

    @Test func `a share that is too small never looks like enough, and weights are told as such`() throws {
        let votes = [self.voter(1, "a"), self.voter(2, "a"), self.voter(3, "b")]
        let told = try self.result(self.poll(min: 0.6667), votes)
        #expect(told["agreement"] == 0.6666 && told["consensus"] == false)
        let weighed = try self.result(
            self.poll(min: 0.9),
            [self.voter(1, "a", weight: 900), self.voter(2, "b", weight: 100)].map { $0 } + [
                self.voter(3, "b", weight: 300)
            ]
        )
        #expect(weighed["reason"] == "0.6923 of the votes by weight agree, which is less than min_agreement 0.9")
        let none = try self.result(self.poll(), [self.voter(1, "a", weight: 0), self.voter(2, "a", weight: 0)])
        #expect(none["reason"] == "no voter has the skill that votes are weighed by")
    }
}
