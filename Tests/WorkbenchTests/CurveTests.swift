import Foundation
import NeuralNets
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("The curves of a run")
struct CurveTests {
  @Test(
    "a loss that explodes keeps its beginning in sight; one that falls is drawn as far as it falls")
  func explodes() {
    let exploded = RoundLimits.axis(for: [0.7, 3, 1e9, 1e30, .infinity, .nan], isLogarithmic: true)
    #expect(exploded.low == 0.5 && exploded.high == 1e30)
    // Each step of gradient descent in a valley leaves 0.64 of the loss.
    let falling = (0..<78).map { 16 * pow(Float(0.64), Float($0)) }
    let fallen = RoundLimits.axis(for: falling, isLogarithmic: true)
    #expect(fallen.low <= Double(falling[77]) && fallen.low > Double(falling[77]) / 10)
    #expect(fallen.high == 20)
    // One that is tiny by luck does not press the others together.
    let lucky = RoundLimits.axis(
      for: [Float](repeating: 2, count: 50) + [1e-20], isLogarithmic: true)
    #expect(abs(lucky.low / 2e-4 - 1) < 1e-6 && lucky.high == 2)
  }

  @Test("The smoothed line is the exponential mean by its formula", arguments: [1, 5, 50], [1, 4])
  func exponentialMean(span: Int, stride: Int) {
    let values = (0..<40).map { Float(($0 * 37) % 11) - 4 }
    var mean = ExponentialMean(span: span, stride: stride)
    var keep = 1 - 2 / (Double(span) + 1)
    keep = (0..<stride).reduce(1) { product, _ in product * keep }
    for (t, value) in values.enumerated() {
      mean.add(value)
      let weights = (0...t).map { i in (0..<i).reduce(1.0) { product, _ in product * keep } }
      let sum = weights.enumerated().reduce(0) { $0 + $1.element * Double(values[t - $1.offset]) }
      #expect(abs(Double(mean.value) - sum / weights.reduce(0, +)) < 1e-5)
    }
    let before = mean.value
    mean.add(.nan)
    #expect(mean.value == before)
  }

  @Test(
    "Whatever is zoomed and shown, the window lies within the run", arguments: [1, 7, 100, 5000])
  func windows(total: Int) {
    var curves = CurveState()
    for i in 0..<400 {
      let step = (i * 7919) % total
      switch i % 7 {
      case 0, 1, 2: curves.zoom(in: i % 3 > 0, around: step, total: total, newest: step)
      case 3: curves.show(step, length: (i * 13) % (total + 2), total: total)
      case 4: curves.follows.toggle()
      case 5: curves.reveal(step, total: total, newest: total)
      default: curves.zoom(in: false, around: step, total: total, newest: step)
      }
      let window = curves.window(total: total, newest: step)
      #expect(!window.isEmpty && window.lowerBound >= 0 && window.upperBound <= total)
      if i % 7 == 5, !curves.follows { #expect(window.contains(step)) }
    }
  }

  @Test("Zooming keeps the step at its place; zooming out shows all again")
  func zooming() {
    var curves = CurveState()
    for _ in 0..<3 { curves.zoom(in: true, around: 250, total: 1000, newest: 1000) }
    let window = curves.window(total: 1000, newest: 1000)
    #expect(window.count == 125)
    #expect(abs((250 - window.lowerBound) * 4 - window.count) <= 4)
    for _ in 0..<3 { curves.zoom(in: false, around: 250, total: 1000, newest: 1000) }
    #expect(curves.window(total: 1000, newest: 1000) == 0..<1000)
  }

  @Test(
    "c goes through every chart that has no panel beside; at the crosshair stands what was measured",
    arguments: [0, 1])
  func reading(from end: Int) throws {
    var pilot = try LabPilot("digits")
    pilot.press("))")
    pilot.press(end == 0 ? .home : .left)
    let step = pilot.state.chosenStep
    let measured = try #require(pilot.state.lab.history.step(step))
    var seen: Set<Chart> = []
    for _ in Chart.allCases {
      let chart = pilot.state.train.curves.chart
      seen.insert(chart)
      #expect(pilot.text.contains("step \(step)"))
      let number = try #require(chart.number(of: measured))
      #expect(pilot.text.contains(chart.shown(number)))
      #expect(pilot.text.contains("─ \(chart.title) ─"))
      pilot.press("c")
    }
    #expect(seen == Set(Chart.allCases).subtracting([.accuracy]))
    #expect(pilot.text.contains("─ Accuracy ─"))
  }

  @Test("A zoomed panel shows all charts, and the crosshair's numbers in each")
  func stacked() throws {
    var pilot = try LabPilot("digits", size: Size(120, 40))
    pilot.press("))")
    pilot.press(.home)
    pilot.press("z")
    let first = try #require(pilot.state.lab.history.step(0))
    for chart in Chart.allCases {
      #expect(pilot.text.contains(" \(chart.title) "))
      #expect(pilot.text.contains(chart.shown(chart.number(of: first))) || chart == .accuracy)
    }
  }

  @Test("m puts a numbered mark, m on it takes it away; another run has none")
  func marks() throws {
    var pilot = try LabPilot("spiral")
    pilot.press("m")
    #expect(pilot.state.message?.toast.text.contains("nothing is trained") == true)
    pilot.press("...")
    pilot.press("m")
    pilot.press(.home)
    pilot.press("m")
    let marks = pilot.state.train.curves.marks
    #expect(marks.map(\.step) == [0, 2] && marks.map(\.number) == [2, 1])
    let events = Happenings.lines(pilot.state.lab, marks: marks).map(\.text)
    #expect(events.contains("mark 1") && events.contains("mark 2"))
    #expect(pilot.state.bindings.filter { $0.name.hasPrefix("go to mark") }.count == 2)
    pilot.press("m")
    #expect(pilot.state.train.curves.marks.map(\.number) == [1])
    pilot.press("r")
    #expect(pilot.state.train.curves.marks.isEmpty)
  }

  @Test("s goes where the run stands; with the crosshair elsewhere it says so")
  func stepsThrough() throws {
    var pilot = try LabPilot("spiral")
    pilot.run([.lab(.move(6, .step))])
    pilot.state.focus[.train] = TrainPart.loss.rawValue
    pilot.press("s")
    #expect(pilot.state.screen == .step && pilot.state.message == nil)
    pilot.press("4")
    pilot.state.focus[.train] = TrainPart.loss.rawValue
    pilot.state.train.curves.cursor = 2
    pilot.press("s")
    #expect(pilot.state.screen == .step && pilot.state.lab.position.step == 6)
    let words = pilot.state.message?.toast.text ?? ""
    #expect(words.contains("stands at step 6") && words.contains("through step 2"), "\(words)")
  }

  @Test("Enter at the crosshair offers to go there, to step through it, to mark it")
  func menu() throws {
    var pilot = try LabPilot("spiral")
    pilot.press("))")
    pilot.press(.home)
    pilot.press(.enter)
    #expect(pilot.text.contains("go to step 0") && pilot.text.contains("put a mark"))
    pilot.press(.enter)
    #expect(pilot.state.lab.position == Position(step: 0))
    #expect(pilot.text.contains("back at step"))
    pilot.press(" ")
    #expect(pilot.text.contains("replaying step"))
    pilot.press(" ")
    pilot.press(.end)
    pilot.press(.enter)
    pilot.press(.down)
    pilot.press(.enter)
    #expect(pilot.state.screen == .step)
  }

  // MARK: The mouse

  private func mouse(
    _ action: Mouse.Action, _ x: Int, _ pilot: inout LabPilot, part: TrainPart = .loss
  ) throws {
    let panel = try #require(pilot.state.panels.first { $0.id == part.rawValue })
    let point = Point(x, panel.area.y + 3)
    let mouse = Mouse(action, action == .drag || action == .press ? .left : .none, at: point)
    if let effects = TrainScreen.mouse(mouse, panel, &pilot.state) { pilot.run(effects) }
  }

  @Test("A click sets the crosshair where it is, a drag shows a span, a double click all of it")
  func clicking() throws {
    var pilot = try LabPilot("digits", epochs: 4)
    pilot.press("))))")
    let total = pilot.state.shownSteps
    try mouse(.press, 20, &pilot)
    try mouse(.release, 20, &pilot)
    let clicked = try #require(pilot.state.cursorStep)
    let panel = try #require(pilot.state.panels.first { $0.id == "loss" })
    let stack = CurvesPanel.stack(pilot.state, panel.area)
    #expect(stack.step(atColumn: 20) == clicked)
    #expect(pilot.state.window == 0..<total)
    pilot.state.now += 2
    try mouse(.press, 15, &pilot)
    try mouse(.drag, 22, &pilot)
    #expect(pilot.state.train.curves.drag?.hasMoved == true)
    try mouse(.release, 30, &pilot)
    let window = pilot.state.window
    #expect(window.lowerBound == stack.step(atColumn: 15))
    #expect(window.upperBound - 1 == stack.step(atColumn: 30))
    pilot.state.now += 2
    try mouse(.press, 25, &pilot)
    try mouse(.release, 25, &pilot)
    try mouse(.press, 25, &pilot)
    try mouse(.release, 25, &pilot)
    #expect(pilot.state.window == 0..<total && pilot.state.train.curves.drag == nil)
  }

  @Test("The wheel zooms at the pointer")
  func wheel() throws {
    var pilot = try LabPilot("digits", epochs: 8)
    pilot.press("))")
    let panel = try #require(pilot.state.panels.first { $0.id == "loss" })
    let before = CurvesPanel.stack(pilot.state, panel.area).step(atColumn: 30) ?? 0
    try mouse(.wheelUp, 30, &pilot)
    let window = pilot.state.window
    #expect(window.count == pilot.state.shownSteps / 2)
    let after = CurvesPanel.stack(pilot.state, panel.area).step(atColumn: 30) ?? 0
    #expect(abs(after - before) <= window.count / 16)
    try mouse(.wheelDown, 30, &pilot)
    #expect(pilot.state.window == 0..<pilot.state.shownSteps)
  }

  // MARK: Drawing

  @Test("The box at the crosshair keeps two columns off it and stays in the plot")
  func box() throws {
    var pilot = try LabPilot("spiral", epochs: 20)
    pilot.press("))))))))")
    let grid = pilot.state.frame()
    let data = CurveData(.loss, pilot.state)
    let area = Rect(9, 2, 60, 12)
    for column in area.x..<area.right {
      let box = ReadingBox(5, data)
      guard let place = box.place(beside: column, in: area, on: grid) else {
        Issue.record("no place at column \(column)")
        continue
      }
      #expect(place.intersection(area) == place)
      #expect(place.intersection(Rect(column - 1, area.y, 3, area.height)).isEmpty)
    }
  }

  @Test("A smoothed line leaves every raw dot where it was")
  func overlay() {
    let raw = LinePlot.Series(
      name: "raw", y: (0..<80).map { Float(($0 * 37) % 17) }, ink: .series(0))
    var smooth = LinePlot.Series(name: "mean", y: (0..<80).map { Float($0) / 5 }, ink: .series(2))
    smooth.keepsDots = true
    let area = Rect(0, 0, 50, 12)
    var (one, both) = (CellGrid(size: Size(50, 12)), CellGrid(size: Size(50, 12)))
    let axis = Axis(low: 0, high: 20)
    LinePlot(series: [raw], yAxis: axis).draw(in: area, on: &one)
    LinePlot(series: [raw, smooth], yAxis: axis).draw(in: area, on: &both)
    for (before, after) in zip(one.cells, both.cells)
    where (0x2801...0x28FF).contains(before.scalar.value) && !LinePlot.isTick(before) {
      #expect(after.scalar.value & before.scalar.value == before.scalar.value)
    }
    #expect(both.cells.contains { $0.foreground == .series(2) })
  }

  @Test("The legend takes the same columns whatever the numbers are")
  func legend() throws {
    var pilot = try LabPilot("digits", epochs: 6)
    var widths: Set<Int> = []
    for _ in 0..<6 {
      pilot.press(")")
      let data = CurveData(.loss, pilot.state)
      widths.insert(CurveLegend(data, pilot.state, width: 80).text.width)
    }
    #expect(widths.count == 1)
  }

  @Test(
    "Crosshair, marks, average and zoom draw at every size and tier",
    arguments: ["digits", "sine"], Chart.allCases)
  func sizes(data: String, chart: Chart) throws {
    var pilot = try LabPilot(data)
    pilot.press("))ma,,,")
    pilot.press(.left)
    pilot.press("]")
    pilot.state.train.curves.chart = chart
    for size in [(60, 16), (80, 24), (100, 30), (120, 36), (200, 60)] {
      for tier in Ability.tiers {
        for isZoomed in [false, true] {
          var state = pilot.state
          state.size = Size(size.0, size.1)
          state.ability = tier
          state.isZoomed = isZoomed
          let text = state.frame().text.joined()
          #expect(text.contains("step"))
          #expect(tier.glyphs != .ascii || text.allSatisfy(\.isASCII))
        }
      }
    }
  }

  // MARK: The run

  @Test("The phases that are shown add up to the step that is shown")
  func phaseTimes() throws {
    var pilot = try LabPilot("digits")
    let clock = Ticks()
    pilot.lab.clock = { clock.next() }
    pilot.press(" ")
    pilot.train(9)
    let line = try #require(pilot.state.frame().text.first { $0.contains("work in one step") })
    let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
    #expect(numbers.count == 5 && numbers[0] == numbers[1...].reduce(0, +))
    #expect(Set(numbers[1...]) == [100])
  }

  @Test("A rung of the ladder is the pace that a click takes")
  func rungs() throws {
    var pilot = try LabPilot("digits", epochs: 20)
    let area = try #require(pilot.state.panels.first { $0.id == "run" }?.area)
    let row = area.y + 2
    let line = Array(pilot.state.frame().text[row])
    let text = String(line)
    let place = try #require(text.range(of: "full speed"))
    let x = text.distance(from: text.startIndex, to: place.lowerBound)
    pilot.run(pilot.state.handle(.mouse(Mouse(.press, .left, at: Point(x + 2, row)))))
    #expect(pilot.lab.pace == .full)
  }

  @Test("What happened is a list; Enter goes to the step of a line")
  func happened() throws {
    var pilot = try LabPilot("spiral")
    pilot.press("))")
    pilot.press(">")
    pilot.press(".")
    for _ in 0..<12 where pilot.state.focusedPanel != "happened" { pilot.press(.tab) }
    let events = Happenings.lines(pilot.state.lab)
    for event in events { #expect(pilot.text.contains(event.text)) }
    pilot.press(.end)
    pilot.press(.enter)
    #expect(pilot.state.lab.position == Position(step: 0))
    #expect(pilot.text.contains("to come"))
  }

  @Test("The lowest loss and the changes of rate are told with their numbers")
  func told() throws {
    var pilot = try LabPilot("digits", epochs: 4)
    pilot.press("))))")
    let history = pilot.state.lab.history
    let lowest = try #require(history.epochs.compactMap(\.validationLoss).min())
    let events = Happenings.lines(pilot.state.lab)
    let text = "lowest val_loss \(NumberFormat.compact(lowest, digits: 3))"
    #expect(events.contains { $0.text == text })
    #expect(events.first?.text.hasPrefix("finished, val_loss") == true)
  }
}

/// A clock that goes on by 100 µs whenever it is read.
private final class Ticks: @unchecked Sendable {
  private var readings = 0.0

  func next() -> Double {
    readings += 1
    return readings * 1e-4
  }
}
