import Datasets
import Tensors
import TerminalGraphics
import Training

/// What comes out beside what went in and what was wanted: reconstructions, masks, sequences.
enum OutputsView: CloseUpView {
  static let kind = CloseUp.outputs
  static let name = "out beside in"
  static let help = "reconstructions, masks and sequences beside what went in and was wanted"
  static let fits = "an output with as many places as the input"
  static let moves = "choose"

  static func extent(_ picture: CloseUpPicture) -> CloseUpExtent? {
    guard case .outputs(let outputs) = picture else { return nil }
    return CloseUpExtent(columns: outputs.rows.count)
  }

  static func draw(_ look: CloseUpLook, on grid: inout CellGrid) {
    guard case .outputs(let outputs) = look.picture else { return }
    OutputsDrawing(look: look, outputs: outputs).draw(on: &grid)
  }
}

private struct OutputsDrawing {
  let look: CloseUpLook
  let outputs: OutputsCloseUp

  private var chosen: Int { max(0, min(look.interest.column, outputs.rows.count - 1)) }

  /// The numbers of one example.
  private func part(_ tensor: Tensor, _ place: Int) -> [Float] {
    let width = tensor.count / max(1, outputs.rows.count)
    return Array(tensor.scalars[place * width..<(place + 1) * width])
  }

  /// The rows and columns under which the places of an example are a picture; nil for sequences.
  private var image: (shape: Shape, output: Shape)? {
    let input = outputs.inputShape
    let own = (look.state.train.opened?.dataset ?? look.state.workpiece.dataset).imageShape
    var shape: Shape? = input.rank == 3 ? input : own?.count == input.count ? own : nil
    // As on Step, where an opened program does not say what its rows are.
    if shape == nil, outputs.meaning == .numbers, input == [64] { shape = [8, 8] }
    guard let shape, shape.rank >= 2 else { return nil }
    let places = shape[0] * shape[1]
    guard outputs.shape.count >= places, outputs.shape.count % places == 0 else { return nil }
    return (shape, [shape[0], shape[1], outputs.shape.count / places])
  }

  func draw(on grid: inout CellGrid) {
    if let image {
      drawPictures(image.shape, image.output, on: &grid)
    } else if isTokens {
      drawTokens(on: &grid)
    } else {
      drawCurves(on: &grid)
    }
  }

  // MARK: Pictures

  private struct Line {
    let name: String
    let picture: (Int) -> Heatmap
  }

  private func lines(_ shape: Shape, _ output: Shape) -> [Line] {
    func picture(_ tensor: Tensor, _ shape: Shape, _ scale: ColorScale?) -> (Int) -> Heatmap {
      { place in
        let numbers = part(tensor, place)
        guard let scale else { return WorstPanel.picture(numbers, shape) }
        let step = shape.rank > 2 ? shape[2] : 1
        return Heatmap(
          values: stride(from: 0, to: numbers.count, by: step).map { numbers[$0] },
          rows: shape[0], columns: shape[1], scale: scale)
      }
    }
    let range = NumberFacts(outputs.inputs.scalars)
    let scale: ColorScale? =
      switch outputs.meaning {
      case .numbers: .ink(min(0, range.least), max(range.most, range.least + 1e-6))
      case .mask: .sequential(0, 1)
      case .classes(let count): .sequential(0, Float(max(1, count - 1)))
      }
    var lines = [Line(name: "in", picture: picture(outputs.inputs, shape, nil))]
    if let wanted = outputs.wanted {
      lines.append(Line(name: "wanted", picture: picture(wanted, output, scale)))
    }
    lines.append(Line(name: "out", picture: picture(outputs.said, output, scale)))
    let truth = outputs.wanted ?? outputs.inputs
    if truth.count == outputs.said.count {
      let step = output.rank > 2 ? output[2] : 1
      let off = zip(outputs.said.scalars, truth.scalars).map { $0 - $1 }
      let limit = max(off.reduce(Float(0)) { max($0, abs($1)) }, 1e-6)
      let tensor = Tensor(shape: outputs.said.shape, scalars: off)
      lines.append(
        Line(name: "off by") { place in
          let numbers = part(tensor, place)
          return Heatmap(
            values: stride(from: 0, to: numbers.count, by: step).map { numbers[$0] },
            rows: output[0], columns: output[1], scale: .diverging(limit: limit))
        })
    }
    return lines
  }

  /// How many pixels high a picture of a shape is in so many lines: a multiple of its own, at most
  /// three times as many; fewer where it does not fit.
  private func pixels(_ shape: Shape, high: Int) -> Int {
    let room = max(1, 2 * high)
    return room < shape[0] ? room : min(3, room / max(1, shape[0])) * shape[0]
  }

  private func drawPictures(_ shape: Shape, _ output: Shape, on grid: inout CellGrid) {
    let area = look.area
    let all = lines(shape, output)
    let label = 8
    let foot = area.height > 8 ? 2 : 1
    let room = area.trimmed(left: label, bottom: foot)
    // What matters least gives way where there is no height.
    let kept = all.count * 3 <= room.height ? all : all.filter { $0.name != "off by" }
    // Every pixel as large as every other; a line between the rows where it costs nothing.
    let (tight, airy) = (
      pixels(shape, high: room.height / kept.count),
      pixels(shape, high: (room.height + 1) / kept.count - 1)
    )
    let (pixels, gap) = (max(tight, airy), airy >= tight ? 1 : 0)
    let rows = (pixels + 1) / 2
    let wide = max(2, min(room.width, pixels * shape[1] / max(1, shape[0])))
    let fitting = max(1, min(outputs.rows.count, (room.width + 2) / (wide + 3)))
    let first = max(0, min(chosen - fitting + 1, outputs.rows.count - fitting))
    for (line, row) in kept.enumerated() {
      let y = room.y + line * (rows + gap)
      guard y + rows <= room.bottom + gap else { break }
      grid.write(.secondary(row.name), at: Point(area.x, y), width: label - 1)
      for (place, example) in (first..<first + fitting).enumerated() {
        let spot = Rect(room.x + place * (wide + 3) + 1, y, wide, min(rows, room.bottom - y))
        row.picture(example).drawFilling(spot, on: &grid)
        guard example == chosen else { continue }
        grid.bracket(spot)
      }
    }
    drawFoot(foot, first..<first + fitting, on: &grid)
  }

  /// How far off the chosen one and all of them are, and what the colors mean.
  private func drawFoot(_ height: Int, _ drawn: Range<Int>, on grid: inout CellGrid) {
    let area = look.area
    let y = area.bottom - height
    grid.write(errorWords(drawn), at: Point(area.x, y), width: area.width)
    guard height > 1 else { return }
    let scale: StyledText =
      switch outputs.meaning {
      case .numbers: LayersPanel.swatches(.ink(0, 1), "in, out: low", "high", look.ability)
      case .mask: LayersPanel.swatches(.sequential(0, 1), "mask: p = 0", "1", look.ability)
      case .classes(let count):
        LayersPanel.swatches(
          .sequential(0, Float(max(1, count - 1))), "class 0", "\(count - 1)", look.ability,
          steps: min(8, count))
      }
    let off = LayersPanel.swatches(.diverging(limit: 1), "off by: −", "+", look.ability, steps: 3)
    let both = scale + "  " + off
    grid.write(
      both.width <= area.width ? both : scale, at: Point(area.x, y + 1), width: area.width)
  }

  /// - Parameter drawn: the examples that have room, where several are drawn.
  private func errorWords(_ drawn: Range<Int>? = nil) -> StyledText {
    guard outputs.errors.indices.contains(chosen) else { return "" }
    let own = outputs.errors[chosen]
    let mean = outputs.errors.reduce(0, +) / Float(max(1, outputs.errors.count))
    let span = drawn.flatMap { drawn in
      drawn.count < outputs.rows.count
        ? "  drawn \(outputs.rows[drawn.lowerBound])–\(outputs.rows[drawn.upperBound - 1])" : nil
    }
    let label = StyledText.accent("example \(outputs.rows[chosen])") + .secondary("  ")
    func numbers(_ name: String, _ own: String, _ all: String) -> StyledText {
      let words =
        label + .secondary(name + " ") + .strong(own)
        + .secondary("  mean of all \(outputs.errors.count) ") + .text(all)
      return Fitting.first([words + .secondary(span ?? "")], width: look.area.width) ?? words
    }
    return switch outputs.meaning {
    case .numbers:
      numbers(
        "mean squared error", NumberFormat.compact(own, digits: 4),
        NumberFormat.compact(mean, digits: 4))
    case .mask:
      numbers(
        "Dice", NumberFormat.fixed(1 - own, decimals: 3), NumberFormat.fixed(1 - mean, decimals: 3))
    case .classes:
      numbers(
        "right places", NumberFormat.percent(Double(1 - own)),
        NumberFormat.percent(Double(1 - mean)))
    }
  }

  // MARK: Sequences

  private var isTokens: Bool {
    if case .classes = outputs.meaning { return outputs.shape.rank == 1 }
    return false
  }

  /// The words of targets: the classes of the data, else those of its inputs.
  private func targetText(_ numbers: [Float]) -> [String] {
    let classes = look.state.lab.settings?.data.classes ?? []
    let names = classes.isEmpty ? look.tokens : TokenNames(classes)
    return numbers.map { names.name($0) }
  }

  private func drawTokens(on grid: inout CellGrid) {
    let area = look.area.trimmed(bottom: 1)
    let each = outputs.wanted == nil ? 3 : 4
    let fitting = max(1, (area.height + 1) / each)
    let first = max(0, min(chosen - fitting + 1, outputs.rows.count - fitting))
    let drawn = first..<min(outputs.rows.count, first + fitting)
    for (place, example) in drawn.enumerated() {
      let y = area.y + place * each
      let isChosen = example == chosen
      let name = "\(outputs.rows[example])"
      grid.write(
        isChosen ? StyledText("▶" + name, .accent, .bold) : .secondary(" " + name),
        at: Point(area.x, y), width: 6)
      let names = [
        part(outputs.inputs, example).map { look.tokens.name($0) },
        targetText(part(outputs.said, example)),
        outputs.wanted.map { targetText(part($0, example)) } ?? [],
      ]
      // Numbers stand below each other.
      let all = names.flatMap(\.self)
      let width = all.allSatisfy { Int($0) != nil } ? all.map(\.count).max() ?? 0 : 0
      let padded = names.map { $0.map { NumberFormat.padded($0, to: width) } }
      let (said, wanted) = (padded[1], outputs.wanted == nil ? nil : padded[2])
      var lines: [(String, StyledText)] = [("in", .text(joined(padded[0])))]
      if let wanted { lines.append(("wanted", .text(joined(wanted)))) }
      lines.append(("out", marked(said, wanted)))
      for (row, line) in lines.enumerated() where y + row < area.bottom {
        grid.write(.secondary(line.0), at: Point(area.x + 6, y + row), width: 7)
        grid.write(
          line.1, at: Point(area.x + 14, y + row), width: max(0, area.right - area.x - 14))
      }
    }
    grid.write(errorWords(drawn), at: Point(area.x, look.area.bottom - 1), width: area.width)
  }

  private func joined(_ names: [String]) -> String {
    names.joined(separator: names.allSatisfy { $0.count == 1 } ? "" : " ")
  }

  /// What is wrong stands in the ink of errors, underlined.
  private func marked(_ said: [String], _ wanted: [String]?) -> StyledText {
    let gap = said.allSatisfy { $0.count == 1 } ? "" : " "
    var text = StyledText()
    for (place, name) in said.enumerated() {
      let isWrong = wanted.map { $0[safe: place] != name } ?? false
      if place > 0, !gap.isEmpty { text += StyledText(gap) }
      text += isWrong ? StyledText(name, .bad, .underline) : .good(name)
    }
    return text
  }

  // MARK: Numbers

  /// What is no picture: in and out as two curves over the places.
  private func drawCurves(on grid: inout CellGrid) {
    let area = look.area.trimmed(bottom: 1)
    let input = part(outputs.wanted ?? outputs.inputs, chosen)
    let said = part(outputs.said, chosen)
    let x = (0..<max(input.count, said.count)).map(Float.init)
    let plot = LinePlot(
      series: [
        LinePlot.Series(
          name: outputs.wanted == nil ? "in" : "wanted", y: input, ink: .series(0)),
        LinePlot.Series(name: "out", y: said, ink: .series(1), mark: "o"),
      ], xAxis: Axis(fitting: x), yAxis: Axis(fitting: input + said), xLabel: "place",
      hasWholeX: true)
    if area.height > 3 { plot.draw(in: area, on: &grid) }
    grid.write(
      plot.legend(ability: grid.ability) + "  " + errorWords(),
      at: Point(area.x, look.area.bottom - 1), width: area.width)
  }
}
