"""A small sound casebook, every key of the format in it, for the tests to read and to spoil."""

EXAMPLE = """\
forsooth-casebook: 1
case:
  id: tides
  title: The tides of Wells
  selection: Both sentences that speak of next year.
  zone: Europe/London
  description: A case that fits on a page.
  private: true
  hides_forecasts: false
  resolvers: 2
  notice_hours: 0
sources:
  - {id: gazette, title: Floods to come, reliability: B, publisher: The Gazette, author: A. Writer,
     url: "https://example.org/floods", published: 2022-05-02T08:00:00+01:00, language: en-GB, note: Page 3.,
     sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, length: 4200}
  - {id: office, title: Yearly report, reliability: A, published: 2023-01}
quotes:
  - {id: q1, source: gazette, exact: the quay will probably flood, prefix: "Next year ", suffix: " twice"}
  - {id: q2, source: office, exact: the quay was flooded on 4 November}
forecasters:
  - {id: writer, name: A. Writer, kind: person, description: Of the Gazette.}
triggers:
  - id: report
    statement: The yearly report is out.
    expected: {earliest: 2023-01-01, latest: 2023-03-31}
    note: It always is.
    occurred: {at: 2023-01-20, source: office, note: As announced.}
predictions:
  - id: flood
    theme: floods
    trigger: report
    opens: 2022-05-02
    closes: 2022-12-31
    outcome_rule: share
    statement: The quay is flooded in 2022.
    criteria:
      - {label: a, text: Water stands on the quay., weight: 2, quote: q1}
      - {label: b, text: The report says so.}
  - {id: storm, theme: storms, zone: Asia/Tokyo, opens: 2022-05-02, closes: 2022-12-31, outcome_rule: judged,
     statement: A storm breaks the pier., criteria: [{label: a, text: The pier is broken.}]}
forecasts:
  - id: coded
    prediction: flood
    forecaster: writer
    issued: 2022-05-02T08:00:00+01:00
    basis: coded
    words: probably
    scale: icd203-2015
    term: likely
    confidence: moderate
    rationale: One word.
    quote: q1
  - {id: stated, prediction: flood, forecaster: writer, issued: 2022-06, basis: stated, probability: 0.70}
  - {id: implied, prediction: storm, forecaster: writer, issued: 2022-05-03, basis: implied, words: mend the pier,
     probability: "0.6", low: 0.3, high: 0.9}
evidence:
  - {id: e1, prediction: flood, criterion: a, stance: supports, source: office, quote: q2, credibility: 1, note: Wet.}
  - {id: e2, prediction: storm, stance: contradicts, source: office, credibility: 6, note: No storm is reported.}
assessments:
  - {id: a1, prediction: flood, resolver: first, confidence: high, verdicts: {a: met, b: met}, rationale: Wet feet.}
  - {id: a2, prediction: flood, resolver: second, confidence: low, verdicts: {a: met, b: not_met}, rationale: Half.}
  - {id: a3, prediction: storm, resolver: first, confidence: low, outcome: 0, verdicts: {a: not_met},
     relied_on: [e2], rationale: Calm.}
resolutions:
  - id: r1
    prediction: flood
    outcome: 0.5
    known: 2023-01-20
    verdicts: {a: met, b: cannot_tell}
    relied_on: [e1]
    rationale: Half of it.
    basis: adjudicated
  - {id: r2, prediction: storm, annulled: premise_failed, known: 2023-01-20, basis: adjudicated,
     rationale: The pier was gone.}
"""
