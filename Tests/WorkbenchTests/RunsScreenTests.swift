import Foundation
import TerminalGraphics
import Testing
import Training

@testable import Workbench

/// Kept runs, and what is read of them, as the record would tell it.
enum KeptRuns {
  /// - Parameter count: how many, numbered from 1; the newest first.
  static func all(_ count: Int = 8) -> [RunSummary] {
    (1...count).reversed().map { number in
      var run = RunSummary(
        number: number, name: number == 3 ? "wide" : nil,
        data: ["spiral", "digits", "xor"][number % 3],
        model: ["2-16-16-2 tanh", "64-64-32-10 relu", "2-4-2 tanh"][number % 3], losses: [],
        validationAccuracy: number % 3 == 2 ? nil : 0.5 + 0.06 * Double(number % 8),
        steps: 300 * number, totalSteps: 900, ageSeconds: 120 * Double(count - number + 1),
        isFinished: number % 2 == 0, loss: 0.3 / Double(number),
        validationLoss: number % 3 == 2 ? nil : 0.1 * Double((number * 5) % 8 + 1))
      run.optimizer = number % 2 == 0 ? "Adam" : "SGD"
      run.learningRate = number % 2 == 0 ? 0.003 : 0.1
      run.revision = 1
      return run
    }
  }

  static func reading(_ run: RunSummary, withSettings: Bool) -> RunReading {
    let steps = (0..<40).map { Float($0 * run.steps) / 40 + 1 }
    let losses = steps.indices.map { 1 / (1 + 0.05 * Float($0 * run.number)) }
    let hasUnseen = run.validationLoss != nil && withSettings
    return RunReading(
      number: run.number, revision: run.revision, loss: RunCurve(steps: steps, values: losses),
      validation: hasUnseen
        ? RunCurve(steps: steps, values: losses.map { $0 + 0.1 }) : RunCurve(),
      settings: withSettings
        ? [
          RunSetting("data", run.data),
          RunSetting("hidden", run.number % 3 == 0 ? "16, 16" : "4"),
          RunSetting("activation", "tanh", short: "activ."),
          RunSetting("optimizer", run.optimizer, short: "optim."),
          RunSetting("learning rate", Axis.label(run.learningRate), short: "rate"),
          RunSetting("seed", "1"),
        ] : nil)
  }

  /// Answers what the screen asks of the record.
  static func answer(_ effects: [Effect], _ runs: [RunSummary], _ state: inout AppState) {
    for case .runs(.read(let numbers, let withSettings)) in effects {
      let readings = numbers.compactMap { number in
        runs.first { $0.number == number }.map {
          reading($0, withSettings: withSettings.contains(number))
        }
      }
      _ = state.receive(.readings(readings))
    }
    for case .runs(.learned(let numbers)) in effects {
      for number in numbers {
        guard let run = runs.first(where: { $0.number == number }) else { continue }
        _ = state.receive(
          .learned(number: number, revision: run.revision, learned(number, run.data)))
      }
    }
  }

  /// What a run says of twenty examples of three classes; the third run cannot be made again.
  static func learned(_ number: Int, _ data: String) -> LearnedPicture? {
    guard number != 3 else { return nil }
    let said = (0..<20).map { ($0 % 3 + ($0 % number == 1 ? 1 : 0)) % 3 }
    var table = [[Int]](repeating: [0, 0, 0], count: 3)
    for (row, said) in said.enumerated() { table[row % 3][said] += 1 }
    return LearnedPicture(
      plane: nil, confusion: table, fit: Fitted(), said: said,
      right: said.enumerated().count { $0.offset % 3 == $0.element }, data: data)
  }
}

/// The Runs screen with a record that answers at once.
struct RunsRig {
  var state: AppState
  let runs: [RunSummary]
  /// What was asked of the record but for reading.
  private(set) var asked: [RunsRequest] = []
  private(set) var others: [Effect] = []

  init(_ runs: [RunSummary] = KeptRuns.all(), size: Size = Size(120, 36)) throws {
    self.runs = runs
    state = try TestLab(size: size).state
    take(state.go(to: .runs))
    take(state.receive(.home(HomeContents(runs: runs, isRecording: true))))
  }

  mutating func take(_ effects: [Effect]) {
    KeptRuns.answer(effects, runs, &state)
    for effect in effects {
      if case .runs(let request) = effect {
        if case .read = request { continue }
        if case .learned = request { continue }
        asked.append(request)
      } else {
        others.append(effect)
      }
    }
  }

  mutating func press(_ keys: String) {
    for character in keys { press(.character(character)) }
  }

  mutating func press(_ key: Key) { take(state.handle(.key(key, []))) }

  var text: String { state.frame().text.joined(separator: "\n") }

  /// The runs in the rows of the list, from above.
  var listed: [Int] {
    state.frame().text.compactMap { line in
      let words = line.split(separator: " ")
      guard words.count > 2, ["□", "■", "◆"].contains(words[1]) else { return nil }
      return Int(words[2].dropFirst())
    }
  }
}

@Suite("Runs")
struct RunsScreenTests {
  @Test("marked runs have pictures of what they learned, one beside the other, with what differs")
  func learned() throws {
    var rig = try RunsRig(size: Size(120, 40))
    #expect(rig.text.contains("What it has learned"))
    rig.press(" j ")
    let numbers = rig.state.runs.marks.map(\.number)
    #expect(numbers.count == 2)
    #expect(rig.text.contains("What each one has learned"))
    let shown = rig.text.split(separator: "\n").filter { $0.contains(" acc 0.") }
    for number in numbers { #expect(shown.contains { $0.contains("r\(number) ") }) }
    // The third cannot be made again, and says so.
    let three = KeptRuns.all(3)
    let third = try RunsRig(three.filter { $0.number == 3 }, size: Size(120, 40))
    #expect(third.text.contains("cannot be made"))
  }

  @Test("7 lists every kept run with its numbers, the newest first")
  func list() throws {
    let rig = try RunsRig()
    #expect(rig.state.screen == .runs)
    #expect(rig.listed == [8, 7, 6, 5, 4, 3, 2, 1])
    for text in ["7 Runs", "Adam 0.003", "SGD 0.1", "2-16-16-2 tanh", "2,400", "wide", "2 min"] {
      #expect(rig.text.contains(text), "\(text)")
    }
    #expect(rig.text.contains("0 marked of 8"))
  }

  @Test(
    "what was trained since the last visit is chosen when one comes back; under the eyes nothing moves"
  )
  func choosesTheNewest() throws {
    var rig = try RunsRig(KeptRuns.all(2))
    rig.press("j")
    #expect(rig.state.runs.chosen == 1)
    rig.take(rig.state.receive(.home(HomeContents(runs: KeptRuns.all(3), isRecording: true))))
    #expect(rig.state.runs.chosen == 1)
    rig.take(rig.state.go(to: .train))
    rig.take(rig.state.receive(.home(HomeContents(runs: KeptRuns.all(4), isRecording: true))))
    rig.take(rig.state.go(to: .runs))
    #expect(rig.state.runs.chosen == 4)
  }

  @Test("an empty record says what to do, and t does it")
  func empty() throws {
    var rig = try RunsRig([])
    #expect(rig.text.contains("No run is kept yet."))
    rig.press("t")
    #expect(rig.state.screen == .train)
  }

  @Test("every order sorts by its column, and what has no number comes last")
  func orders() throws {
    var rig = try RunsRig()
    rig.press("S")
    #expect(rig.text.contains("by val_loss, best first"))
    let losses = rig.listed.map { number in
      rig.runs.first { $0.number == number }?.validationLoss ?? .infinity
    }
    #expect(losses == losses.sorted())
    #expect(losses.last == .infinity)
    for order in RunOrder.allCases {
      let sorted = rig.listed
      #expect(Set(sorted) == Set(1...8), "\(order)")
      rig.press("S")
    }
    #expect(rig.listed == losses.indices.map { rig.listed[$0] })
  }

  @Test("a click on a heading sorts by it, another one turns it round; one on a box marks its run")
  func mouse() throws {
    var rig = try RunsRig()
    let lines = rig.state.frame().text
    let row = try #require(lines.firstIndex { $0.contains("optimizer") && $0.contains("steps") })
    let column = try #require(
      lines[row].firstRange(of: "steps").map { range in
        lines[row].distance(from: lines[row].startIndex, to: range.lowerBound)
      })
    rig.take(rig.state.handle(.mouse(Mouse(.press, .left, at: Point(column + 1, row)))))
    #expect(rig.listed == [8, 7, 6, 5, 4, 3, 2, 1])
    #expect(rig.text.contains("by steps, most first"))
    rig.state.now += 2
    rig.take(rig.state.handle(.mouse(Mouse(.press, .left, at: Point(column + 1, row)))))
    #expect(rig.listed == [1, 2, 3, 4, 5, 6, 7, 8])
    rig.take(rig.state.handle(.mouse(Mouse(.press, .left, at: Point(2, row + 2)))))
    #expect(rig.state.runs.marks.map(\.number) == [2])
    rig.take(rig.state.handle(.mouse(Mouse(.wheelDown, .left, at: Point(20, row + 2)))))
    #expect(rig.state.chosenKeptRun?.number == 3)
  }

  @Test("/ leaves the runs that have a text in any column")
  func filter() throws {
    var rig = try RunsRig()
    rig.press("/xor")
    #expect(rig.listed == [8, 5, 2])
    rig.press(.enter)
    rig.press(" ")
    #expect(rig.state.runs.marks.map(\.number) == [8])
    rig.press(.escape)
    #expect(rig.listed.count == 8)
    rig.press("/0.003")
    #expect(rig.listed == [8, 6, 4, 2])
  }

  @Test("marked runs lie over each other, and what differs stands beside them")
  func compare() throws {
    var rig = try RunsRig()
    rig.press("  ")
    #expect(rig.state.runs.marks.isEmpty)
    rig.press(" jj j ")
    #expect(rig.state.runs.marks.map(\.number) == [8, 6, 5])
    #expect(rig.text.contains("3 marked of 8"))
    #expect(rig.text.contains("What differs"))
    #expect(rig.text.contains("learning rate"))
    #expect(!rig.text.contains("activation"))
    rig.press("d")
    #expect(rig.text.contains("activation"))
    #expect(rig.text.contains("gold: differs from the other two"))
  }

  @Test("against the baseline results are differences")
  func baseline() throws {
    var rig = try RunsRig()
    rig.press(" jb")
    #expect(rig.state.runs.baseline == 7)
    #expect(rig.text.contains("◆ r7"))
    #expect(rig.text.contains("+300"))
    #expect(rig.text.contains("differs from r7"))
    rig.press("b")
    #expect(rig.state.runs.baseline == nil)
    #expect(!rig.text.contains("+300"))
  }

  /// What is said of two or more runs, held against each other.
  private func verdict(
    _ values: [(accuracy: Double?, loss: Double?, validation: Double?)], data: [String] = [],
    order: RunOrder = .newest
  ) throws -> String? {
    let runs = values.enumerated().map { place, value in
      RunSummary(
        number: place + 4, data: data.isEmpty ? "digits" : data[place], model: "64-10", losses: [],
        validationAccuracy: value.accuracy, steps: 10, totalSteps: 10, ageSeconds: 60,
        loss: value.loss, validationLoss: value.validation)
    }
    var pilot = try LabPilot("digits", hidden: [4], screen: .runs)
    pilot.state.runs.order = order
    return RunsVerdict(runs, pilot.state)?.words.first?.plain
  }

  @Test("which of two runs is better is said for the metric one watches, with the difference")
  func verdicts() throws {
    let two = [(0.95, 0.2, 0.159), (0.962, 0.25, 0.138)].map {
      (accuracy: Double?($0.0), loss: Double?($0.1), validation: Double?($0.2))
    }
    #expect(try verdict(two) == "r5 has the lower val_loss: 0.138, 0.0210 lower than r4")
    #expect(
      try verdict(two, order: .validationAccuracy)
        == "r5 has the higher val accuracy: 0.962, 0.012 higher than r4")
    #expect(
      try verdict(two, order: .loss) == "r4 has the lower loss: 0.200, 0.0500 lower than r5")
    #expect(
      try verdict(two + [(0.9, 0.3, 0.5)])
        == "r5 has the lowest val_loss: 0.138, 0.0210 lower than r4")
    #expect(
      try verdict([(nil, 0.2, nil), (nil, 0.1, nil)])?.hasPrefix("r5 has the lower loss") == true)
    #expect(
      try verdict([(nil, 0.2, 0.3), (nil, 0.1, 0.3)]) == "r4 and r5 are equal: val_loss 0.300")
    #expect(
      try verdict([(nil, 0.2, 0.3), (nil, 0.1, .nan)])
        == "r4 has val_loss 0.300, that of r5 is NaN")
    #expect(
      try verdict([(0.97, 0.2, 0.159), (0.962, 0.25, 0.138)])
        == "r5 has the lower val_loss: 0.138, 0.0210 lower than r4; r4 the higher val accuracy")
    #expect(try verdict(Array(two.prefix(1))) == nil)
    #expect(
      try verdict(two, data: ["digits", "iris"]) == "no val_loss to compare: the data differ")
  }

  @Test("no more runs are marked than there are colors")
  func manyMarks() throws {
    var rig = try RunsRig()
    rig.press(" j j j j j j ")
    #expect(rig.state.runs.marks.count == 6)
    #expect(rig.text.contains("6 runs are compared at most"))
  }

  @Test("Enter opens a run, t trains one like it, R names it, e writes it")
  func actions() throws {
    var rig = try RunsRig()
    rig.press("j")
    rig.press(.enter)
    guard case .openRun(7)? = rig.others.last else {
      Issue.record("no run is opened: \(rig.others)")
      return
    }
    rig.press("tRnarrow")
    rig.press(.enter)
    rig.press("e")
    rig.press(.enter)
    #expect(
      rig.asked == [.trainAgain(7), .rename(7, to: "narrow"), .export(7, path: "r7.csv")])
    rig.press("e.txt")
    rig.press(.enter)
    #expect(rig.asked.count == 3)
    #expect(rig.text.contains(".csv writes the numbers"))
  }

  @Test("x deletes a run, and u brings it back, also from another screen")
  func delete() throws {
    var rig = try RunsRig()
    rig.press("j x")
    #expect(rig.text.contains("0 marked of 7"))
    #expect(rig.listed == [8, 6, 5, 4, 3, 2, 1])
    #expect(rig.state.chosenKeptRun?.number == 6)
    #expect(rig.text.contains("r7 deleted; u brings it back"))
    rig.press("1u")
    #expect(rig.text.contains("undone: r7 deleted"))
    rig.press("7")
    #expect(rig.listed.contains(7))
    #expect(rig.text.contains("1 marked of 8"))
    rig.press("U")
    #expect(!rig.listed.contains(7))
    #expect(rig.asked == [.remove(7), .restore(7), .remove(7)])
  }

  @Test("the run at hand and one that another lab has open are not deleted")
  func keptFromDeleting() throws {
    var runs = KeptRuns.all()
    runs[1].isOpenElsewhere = true
    var rig = try RunsRig(runs)
    rig.take(rig.state.receive(.home(HomeContents(runs: runs, openRun: 8))))
    rig.press("xjx")
    #expect(rig.asked.isEmpty && rig.listed.count == 8)
    #expect(rig.text.contains("r7 is open in another lab"))
  }

  @Test("the crosshair reads the values of all curves, and Esc takes it away")
  func crosshair() throws {
    var rig = try RunsRig()
    rig.press(" j ")
    rig.press(.tab)
    #expect(rig.state.focusedPanel == "chart")
    rig.press(.home)
    rig.press(.right)
    #expect(rig.text.contains("at step "))
    #expect(rig.text.contains("┊"))
    rig.press(.escape)
    #expect(!rig.text.contains("at step "))
  }

  @Test("what other labs train shows by itself: the record is looked at every two seconds")
  func others() throws {
    var rig = try RunsRig()
    rig.press("jjj")
    #expect(try #require(rig.state.nextDeadline) <= 2)
    rig.state.now = 2.5
    rig.take(rig.state.tick())
    #expect(rig.asked == [.look])
    var more = KeptRuns.all(9)
    more[0].isRunning = true
    rig.take(rig.state.receive(.home(HomeContents(runs: more))))
    #expect(rig.listed.first == 9)
    #expect(rig.text.contains("● now"))
    // The chosen run stays chosen, wherever it is now.
    #expect(rig.state.chosenKeptRun?.number == 5)
  }

  @Test("a thousand runs: only those that show are read, and keys stay quick")
  func thousand() throws {
    var rig = try RunsRig(KeptRuns.all(1000))
    let asked = rig.state.receive(.home(HomeContents(runs: KeptRuns.all(1000))))
    #expect(asked.isEmpty, "what was read is not read again")
    let time = ContinuousClock().measure {
      for _ in 0..<20 {
        rig.press("j")
        _ = rig.state.frame()
      }
    }
    #expect(time < .seconds(4), "\(time)")
    rig.press(.end)
    #expect(rig.listed.last == 1)
  }

  @Test("words instead of signs where the screen is read")
  func plain() throws {
    var rig = try RunsRig()
    rig.state.ability = .spoken
    rig.press(" jb")
    let lines = PlainReading.panel("list", rig.state).lines
    #expect(lines.contains { $0.contains("marked") && $0.contains("r8") })
    #expect(lines.contains { $0.contains("baseline") && $0.contains("r7") })
    let chart = PlainReading.panel("chart", rig.state).lines
    #expect(chart.contains { $0.contains("r7") && $0.contains("lowest") })
  }

  @Test("every size, tier and panel draws, and keys shown do something", arguments: Ability.tiers)
  func sizes(_ ability: Ability) throws {
    for size in [Size(60, 16), Size(80, 24), Size(100, 30), Size(120, 36), Size(200, 60)] {
      var rig = try RunsRig(KeptRuns.all(30), size: size)
      rig.state.ability = ability
      rig.press(" j j b")
      for _ in 0..<3 {
        rig.press(.tab)
        rig.press("z")
        #expect(rig.text.contains("r2"), "\(size)")
        rig.press("z")
      }
    }
  }
}
