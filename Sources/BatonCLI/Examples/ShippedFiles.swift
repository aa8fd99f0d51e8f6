// swift-format-ignore-file
// Written by scripts/embed-examples from Examples/: change those files, not this one.

extension Example {
    /// Every file below Examples/, by its path there.
    static let files: [(path: String, text: String)] = [
        (
"everyone-is-a-person/README.md",
####"""
# Everyone is a person

Three people make the newsletter of a library: Ada edits, Ben designs, Cleo writes. No program and no model takes part.
Baton keeps the order, asks each of them when their turn has come, and remembers what they said.

    baton run plan.yml --id newsletter

In a terminal Baton asks by itself: type the answer and press Enter. `!skip` leaves a task out, `!fail REASON` gives it up.
You need not answer at once. Ctrl-C stops, and nothing that was answered is asked again.

Without a terminal, or later from another one, the questions are in the inbox, each with the command that answers it:

    baton inbox
    baton answer newsletter q1 "Bees, maps and bread"
    baton answer newsletter q2 "Reading night, 4 December, 19:00, main hall"
    baton resume newsletter

`resume` goes on: what the answers made possible is asked next, and the descriptions of later tasks hold the answers of
earlier ones. While nobody has answered, the run waits and costs nothing; it ends with exit code 2 to say that only
people are waited for.

    baton graph newsletter --format text
    baton show newsletter --markdown

`graph` shows who waits for whom, `show` the answers.

"""####
        ),
        (
"everyone-is-a-person/plan.yml",
####"""
# Every agent is a person. Baton keeps the order, asks each of them when their turn has come, and remembers the answers.
# README.md beside this file tells how they are answered.
project_id: everyone-is-a-person
title: The newsletter of a small library
description: Three people make a newsletter; Baton asks each of them in turn and remembers the answers.
execution_mode: fully_automated

agents:
  - {agent_id: ada, name: Ada, occupation: Editor, type: person, max_concurrent_tasks: 2}
  - {agent_id: ben, name: Ben, occupation: Designer, type: person}
  - {agent_id: cleo, name: Cleo, occupation: Librarian, type: person, max_concurrent_tasks: 2}

tasks:
  - task_id: themes
    description: Choose three themes for the newsletter of this month
    assigned_agent: ada
    priority: 5
    estimated_hours: 0.5
  - task_id: dates
    description: Collect the dates of next month, each with a time and a place
    assigned_agent: cleo
    estimated_hours: 0.5
  - task_id: story
    description: "Write half a page about one of these themes: {{tasks.themes.output}}"
    assigned_agent: cleo
    estimated_hours: 2
  - task_id: picture
    description: "Find a picture for these themes, and say where it lies: {{tasks.themes.output}}"
    assigned_agent: ben
    estimated_hours: 1
  - task_id: layout
    description: >-
      Lay the page out and say where it lies. Story: {{tasks.story.output}} Picture: {{tasks.picture.output}}
      Dates: {{tasks.dates.output}}
    assigned_agent: ben
    estimated_hours: 2
  - task_id: approval
    description: "Read the page and say whether it goes out, and what has to change if not: {{tasks.layout.output}}"
    assigned_agent: ada
    priority: 5
    estimated_hours: 0.5

"""####
        ),
        (
"four-patterns/README.md",
####"""
# Four patterns and a manager

A small magazine is made in the four ways in which agents work together, and a manager plans the party for its readers. Nothing
is paid: `model: rehearsal` makes the words up, the same ones every time. Put a model in its place and the same plan is worked in earnest.

    baton run plan.yml --id magazine
    baton show magazine colour
    baton graph magazine --format text

`article` goes from one to the next, each with what the ones before brought. `pictures` are looked for at once. `issue` joins
the cover and the index, which needs the cover, into one object. `colour` is voted on twice: in the second round everybody has heard the
others, and that round counts. `party` has no parts until the manager has named them.

"""####
        ),
        (
"four-patterns/plan.yml",
####"""
project_id: four-patterns
title: Four patterns and a manager
description: One team works in sequence, in parallel, in a hierarchy and by consensus; in the end a manager breaks a goal down.
execution_mode: fully_automated
agents:
  - {agent_id: ann, model: rehearsal, occupation: researcher, capabilities: [research]}
  - {agent_id: bob, model: rehearsal, occupation: writer, capabilities: [research]}
  - {agent_id: cyd, model: rehearsal, occupation: editor}
tasks:
  # Sequential: each step is given what the steps before it brought.
  - task_id: article
    description: An article on bees.
    pattern: sequential
    subtasks:
      - {description: Find out what is new about bees., assigned_agent: ann}
      - {description: Write the article., assigned_agent: bob}
      - {description: Edit the article., assigned_agent: cyd}
  # Parallel: all at once, one result each, in this order.
  - task_id: pictures
    description: Ideas for pictures.
    pattern: parallel
    subtasks:
      - {description: Three ideas for the title., assigned_agent: ann}
      - {description: Three ideas for the text., assigned_agent: bob}
  # Hierarchical: pieces for different agents, joined; a piece may need another one.
  - task_id: issue
    description: One issue of the magazine.
    dependencies: [article, pictures]
    pattern: hierarchical
    aggregation: merge
    subtasks:
      - {task_id: cover, description: The cover., assigned_agent: cyd, produces: {type: object, required: [cover], properties: {cover: {type: string}}}}
      - {task_id: index, description: The table of contents., assigned_agent: bob, dependencies: [cover], produces: {type: object, required: [index], properties: {index: {type: string}}}}
  # Consensus: several answer by themselves, in two rounds; what they said last is counted.
  - task_id: colour
    description: Which colour has the cover?
    dependencies: [issue]
    pattern: consensus
    rounds: 2
    voters: [research, research, cyd]
    produces: {enum: [yellow, black]}
  # A manager breaks down what nobody has broken down yet.
  - task_id: party
    description: Plan a small party for the readers.
    dependencies: [colour]
    pattern: hierarchical
    manager: cyd

"""####
        ),
        (
"product-launch/plan.json",
####"""
{
  "project_id": "product_launch",
  "title": "A tea shop opens its online store",
  "description": "A small team plans and opens an online store. Nobody's work is wired up: stand-ins play the team.",
  "execution_mode": "fully_automated",
  "scheduling": {
    "mode": "same_day",
    "start_date": "2026-03-02T09:00:00",
    "compress_timeline": true,
    "auto_adjust_dates": true
  },
  "agents": [
    {
      "agent_id": "owner",
      "name": "Mina Haddad",
      "occupation": "Owner",
      "personality_traits": ["decisive", "warm"],
      "years_experience": "12 years in tea",
      "skill_levels": { "strategy": 8, "tea": 10, "communication": 7 },
      "preferences": { "planning": 9 }
    },
    {
      "agent_id": "developer",
      "name": "Tomas Berg",
      "occupation": "Web developer",
      "skill_levels": { "web": 8, "payments": 6, "testing": 7 },
      "preferences": { "build": 9, "test": 6 }
    },
    {
      "agent_id": "photographer",
      "name": "Ines Costa",
      "occupation": "Photographer",
      "skill_levels": { "photography": 9, "design": 6 },
      "preferences": { "photograph": 10 }
    },
    {
      "agent_id": "copywriter",
      "name": "Ada Novak",
      "occupation": "Copywriter",
      "skill_levels": { "writing": 9, "tea": 5, "communication": 8 },
      "preferences": { "write": 9 }
    }
  ],
  "tasks": [
    {
      "task_id": "kickoff",
      "description": "Agree what the store sells and what it must do on the first day",
      "estimated_hours": 1,
      "priority": 5,
      "meeting_required": true,
      "attendees": ["owner", "developer", "photographer", "copywriter"],
      "required_skills": { "strategy": 6 },
      "follow_up_tasks": ["assortment", "storefront"]
    },
    {
      "task_id": "assortment",
      "description": "Choose twenty teas and their prices",
      "estimated_hours": 2,
      "priority": 4,
      "required_skills": { "tea": 8 }
    },
    {
      "task_id": "storefront",
      "description": "Build the storefront",
      "estimated_hours": 5,
      "priority": 4,
      "required_skills": { "web": 7 }
    },
    {
      "task_id": "photos",
      "description": "Photograph every tea",
      "estimated_hours": 3,
      "priority": 3,
      "required_skills": { "photography": 7 },
      "dependencies": ["assortment"]
    },
    {
      "task_id": "texts",
      "description": "Write a page for every tea",
      "estimated_hours": 3,
      "priority": 3,
      "required_skills": { "writing": 7 },
      "dependencies": ["assortment"]
    },
    {
      "task_id": "payments",
      "description": "Build the checkout with card payments",
      "estimated_hours": 2.5,
      "priority": 4,
      "required_skills": { "payments": 6, "web": 6 },
      "dependencies": ["storefront"]
    },
    {
      "task_id": "dress_rehearsal",
      "description": "Test the store with ten friends",
      "estimated_hours": 1.5,
      "priority": 4,
      "required_skills": { "testing": 6 },
      "dependencies": ["photos", "texts", "payments"]
    },
    {
      "task_id": "go_or_no_go",
      "description": "Decide whether the store opens tomorrow",
      "estimated_hours": 0.5,
      "priority": 5,
      "meeting_required": true,
      "attendees": ["Mina Haddad", "Tomas Berg", "Ada Novak"],
      "required_skills": { "strategy": 6, "communication": 6 },
      "dependencies": ["dress_rehearsal"]
    }
  ],
  "ceo_oversight": { "enabled": true, "interrupt_triggers": ["milestone_completion"], "review_frequency": "on_completion" },
  "success_criteria": {
    "technical_milestones": ["Checkout works on a phone"],
    "compliance_requirements": ["Prices include tax"],
    "business_objectives": ["First order in the first week"]
  }
}

"""####
        ),
        (
"repository-report/agents/files.sh",
####"""
# Goes to the root of the repository: what git says it is, or this folder where there is no git.
cd "$(git rev-parse --show-toplevel 2>/dev/null || pwd)"

# The files of the repository: what git tracks, or what find finds where there is no git.
files() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files
    else
        find . -type f -not -path './.*' | sed 's|^\./||'
    fi
}

# Those of them that are written in a language of programs.
sources() {
    files | grep -E '\.(swift|c|h|cc|cpp|go|rs|py|rb|js|ts|java|kt|cs|php|sh)$'
}

"""####
        ),
        (
"repository-report/agents/history.sh",
####"""
# Reads the log. The first attempt fails on purpose: 75 says "try again later".
set -eu
cat >/dev/null
if [ "$BATON_ATTEMPT" = 1 ]; then
    echo "the first attempt fails on purpose" >&2
    exit 75
fi
if git rev-parse HEAD >/dev/null 2>&1; then
    git log --format='%an' | sort | uniq -c | sort -rn | head -5 | awk '{ n = $1; $1 = ""; printf "- %d commits by%s\n", n, $0 }'
    git log -1 --format='- the last one: %s'
else
    echo "- there is no history here"
fi

"""####
        ),
        (
"repository-report/agents/input.sh",
####"""
# Prints the text in the member "input" of the JSON on standard input, without any tool but awk.
awk '
{ text = text $0 }
END {
    at = index(text, "\"input\":\"")
    if (at == 0) exit 65
    rest = substr(text, at + 9)
    while (length(rest) > 0) {
        letter = substr(rest, 1, 1)
        if (letter == "\"") exit 0
        if (letter != "\\") { printf "%s", letter; rest = substr(rest, 2); continue }
        escape = substr(rest, 2, 1)
        if (escape == "n") printf "\n"
        else if (escape == "t") printf "\t"
        else if (escape != "r") printf "%s", escape
        rest = substr(rest, 3)
    }
}'

"""####
        ),
        (
"repository-report/agents/inspect.sh",
####"""
# Looks for what is wrong.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/files.sh"

case "$BATON_TASK" in
notes)
    cat >/dev/null
    found=$(sources | while read -r file; do grep -cE '(TODO|FIXME)' "$file" || true; done | awk '{ sum += $1 } END { print sum + 0 }')
    echo "- $found lines say TODO or FIXME"
    ;;
links)
    cat >/dev/null
    broken=0
    for page in $(files | grep '\.md$'); do
        for target in $(grep -oE '\]\([^)#: ]+\)' "$page" | sed 's/^](//; s/)$//'); do
            [ -e "$(dirname "$page")/$target" ] || { echo "- $page points to $target, which is not there"; broken=1; }
        done
    done
    [ "$broken" = 1 ] || echo "- every link between documents leads somewhere"
    ;;
coverage)
    cat >/dev/null
    [ -f coverage.json ] || { echo "nobody has measured coverage: there is no coverage.json" >&2; exit 66; }
    cat coverage.json
    ;;
proofread)
    sh "$here/input.sh" >"${TMPDIR:-/tmp}/proofread.$$"
    trap 'rm -f "${TMPDIR:-/tmp}/proofread.$$"' EXIT
    for section in Files Size "Longest files" "Left open" Links History; do
        grep -q "^## $section" "${TMPDIR:-/tmp}/proofread.$$" || { echo "section $section is missing" >&2; exit 1; }
    done
    echo "- the report has all six sections"
    ;;
*)
    echo "inspect.sh knows no task $BATON_TASK" >&2
    exit 64
    ;;
esac

"""####
        ),
        (
"repository-report/agents/survey.sh",
####"""
# Counts and lists. The task says what: its name comes in BATON_TASK, everything else as JSON on standard input.
set -eu
. "$(dirname "$0")/files.sh"
cat >/dev/null

case "$BATON_TASK" in
inventory)
    files | sed -n 's/.*\.\([A-Za-z0-9]*\)$/\1/p' | sort | uniq -c | sort -rn | head -8 \
        | awk '{ printf "- %d %s in .%s\n", $1, $1 == 1 ? "file ends" : "files end", $2 }'
    ;;
size)
    sources | while read -r file; do
        printf '%s %s\n' "$(wc -l <"$file")" "$(echo "$file" | cut -d/ -f1-2)"
    done | awk '{ lines[$2] += $1; total += $1 }
        END { for (part in lines) printf "- %s: %d lines\n", part, lines[part]; printf "- together: %d lines\n", total }' | sort
    ;;
longest)
    sources | while read -r file; do
        printf '%s %s\n' "$(wc -l <"$file")" "$file"
    done | sort -rn | head -5 | awk '{ printf "- %s (%d lines)\n", $2, $1 } END { if (NR == 0) print "- no source files" }'
    ;;
*)
    echo "survey.sh knows no task $BATON_TASK" >&2
    exit 64
    ;;
esac

"""####
        ),
        (
"repository-report/agents/write.sh",
####"""
# Writes the report: the input holds the sections, filled in with what the other tasks brought.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/files.sh"
work=$(cat)
echo "# $(basename "$(pwd)")"
echo
printf '%s' "$work" | sh "$here/input.sh"
# What a task that failed could not bring stands in the input too, with the reason.
case "$work" in
*'"coverage":{"status":"failed"'*) printf '\n## Coverage\n- nobody has measured it\n' ;;
esac

"""####
        ),
        (
"repository-report/exit-code",
####"""
1

"""####
        ),
        (
"repository-report/plan.yml",
####"""
# Nine tasks of command agents that read the repository in which this folder lies and write a report about it. Run it with
# this folder as the project folder: baton run plan.yml, or baton run FOLDER/plan.yml --project-dir FOLDER.
# `coverage` fails on purpose where there is no coverage file; the report is written all the same and says so.
project_id: repository-report
title: What is in this repository
description: Counts, searches and checks the files of a repository, then writes a report.
execution_mode: fully_automated
estimated_duration_minutes: 3

defaults:
  task_timeout_seconds: 120
  max_retry_attempts: 3
  retry_delay_seconds: 0.2

agents:
  - agent_id: surveyor
    name: Surveyor
    occupation: Counts and lists
    command: [sh, agents/survey.sh]
    capabilities: [survey]
    max_concurrent_tasks: 3
    repeatable: true
  - agent_id: inspector
    name: Inspector
    occupation: Looks for what is wrong
    command: [sh, agents/inspect.sh]
    capabilities: [inspection]
    max_concurrent_tasks: 2
    repeatable: true
  - agent_id: historian
    name: Historian
    occupation: Reads the log
    command: [sh, agents/history.sh]
    repeatable: true
  - agent_id: writer
    name: Writer
    occupation: Puts it together
    command: [sh, agents/write.sh]
    repeatable: true

tasks:
  - task_id: inventory
    description: List the files by kind
    agent_type: survey
    priority: 5
    estimated_hours: 0.01
  - task_id: size
    description: Count lines in each part
    agent_type: survey
    dependencies: [inventory]
    estimated_hours: 0.01
  - task_id: longest
    description: Find the longest source files
    agent_type: survey
    dependencies: [inventory]
    estimated_hours: 0.01
  - task_id: notes
    description: Find work that was left open
    agent_type: inspection
    dependencies: [inventory]
    estimated_hours: 0.01
  - task_id: links
    description: Check the links between documents
    agent_type: inspection
    dependencies: [inventory]
    estimated_hours: 0.01
  - task_id: coverage
    description: Read the test coverage, if somebody has measured it
    agent_type: inspection
    dependencies: [inventory]
    estimated_hours: 0.01
  - task_id: history
    description: Tell who worked on it and when (its first attempt fails on purpose, to show a retry)
    assigned_agent: historian
    estimated_hours: 0.01
  - task_id: report
    description: Write the report
    assigned_agent: writer
    dependencies: [size, longest, notes, links, coverage, history]
    on_dependency_failure: run
    estimated_hours: 0.01
    input: |
      ## Files
      {{tasks.inventory.output}}

      ## Size
      {{tasks.size.output}}

      ## Longest files
      {{tasks.longest.output}}

      ## Left open
      {{tasks.notes.output}}

      ## Links
      {{tasks.links.output}}

      ## History
      {{tasks.history.output}}
  - task_id: proofread
    description: Check that the report has every section
    assigned_agent: inspector
    dependencies: [report]
    input: "{{tasks.report.output}}"
    estimated_hours: 0.01

"""####
        ),
    ]
}
