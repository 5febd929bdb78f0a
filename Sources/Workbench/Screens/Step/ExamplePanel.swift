import Autodiff
import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One example of the batch: its picture, its class, what the network says of it.
struct ExamplePanel {
  private let state: AppState
  private let moment: StepMoment

  init(_ state: AppState, _ moment: StepMoment) {
    self.state = state
    self.moment = moment
  }

  /// What the target of an example may be; none where it is a sequence of them.
  var classes: [String] { isSequence ? [] : state.lab.settings?.data.classes ?? [] }

  /// The outputs of an example that have a class each: the places of a sequence.
  private var places: Int { state.lab.network?.outputShape.rows ?? 1 }

  private var isSequence: Bool {
    guard let target = moment.lens?.target, places > 1, target.count == places else { return false }
    return !(state.lab.settings?.data.classes ?? []).isEmpty
  }

  /// Whether outputs come before softmax or sigmoid, which the loss then brings.
  private var givesScores: Bool {
    state.lab.settings?.model.compilation?.loss.arguments["from_logits"] == .boolean(true)
  }

  /// The class of a place in the batch, nil where targets are no classes.
  func label(ofPlace place: Int) -> String? {
    guard let row = moment.batchRow(place), let targets = state.lab.settings?.data.training.targets
    else { return nil }
    let width = targets.count / max(1, targets.shape.extents.first ?? 1)
    return className(Array(targets.scalars[row * width..<(row + 1) * width]))
  }

  private func className(_ target: [Float]) -> String? {
    guard !classes.isEmpty, let number = Self.classNumber(target), number < classes.count
    else { return nil }
    return classes[number]
  }

  private var targetNumber: Int? {
    guard let target = moment.lens?.target.scalars, !classes.isEmpty else { return nil }
    return Self.classNumber(target)
  }

  /// The class of a target: its one number, or the place of the largest of several.
  private static func classNumber(_ target: [Float]) -> Int? {
    target.count == 1
      ? target[0].classNumber : target.indices.max { target[$0] < target[$1] }
  }

  /// What is said of it, line by line; in few words where it is narrow.
  private func lines(width: Int) -> [StyledText] {
    guard let lens = moment.lens else { return [] }
    let isNarrow = width < 17
    if isSequence { return sequenceLines(lens, width, isNarrow: isNarrow) }
    var lines: [StyledText] = []
    if let label = className(lens.target.scalars) {
      lines.append(.secondary("class ") + .strong(label))
    } else {
      lines.append(
        .secondary("target ") + .text(Self.numbers(lens.target.scalars, width: width - 7)))
    }
    if let p = lens.prediction?.scalars {
      lines += prediction(p, width, isNarrow)
    } else {
      lines.append(noOutput(width))
    }
    lines.append(lossLine(lens, isNarrow: isNarrow))
    return lines
  }

  private func noOutput(_ width: Int) -> StyledText {
    .faint(Fitting.text(["no output yet", "no output"], width: width))
  }

  private func lossLine(_ lens: ExampleLens, isNarrow: Bool) -> StyledText {
    lens.loss.map {
      .secondary(isNarrow ? "loss " : "its loss ") + .text(NumberFormat.fixed($0, decimals: 4))
    } ?? .faint("no loss yet")
  }

  /// Of a sequence what goes in, what is wanted and what comes out, one below the other.
  private func sequenceLines(
    _ lens: ExampleLens, _ width: Int, isNarrow: Bool
  ) -> [StyledText] {
    let targets = TokenNames(state.lab.settings?.data.classes)
    let room = min(width, 28)
    func line(_ label: String, _ names: [String], _ wanted: [String]? = nil) -> StyledText {
      let gap = names.allSatisfy { $0.count == 1 } ? "" : " "
      var text = StyledText.secondary(label)
      for (place, name) in names.enumerated() {
        guard text.width + gap.count + TextWidth.columns(name) + 2 <= room else {
          return text + .secondary(" …")
        }
        let isWrong = wanted.map { $0[place] != name } ?? false
        text += StyledText(place == 0 ? "" : gap) + (isWrong ? .bad(name) : .text(name))
      }
      return text
    }
    let wanted = lens.target.scalars.map { targets.name($0) }
    let input = lens.input.scalars.map { TokenNames(state).name($0) }
    // Of a picture in, a class for each pixel out, only how many are right is said in a few words.
    let isPicture = lens.input.shape.rank > 3
    var lines = isPicture ? [] : [line("in    ", input), line("wants ", wanted)]
    if let p = lens.prediction, p.count % places == 0 {
      let count = p.count / places
      let said = (0..<places).map { place -> String in
        let row = p.scalars[place * count..<(place + 1) * count]
        return targets.name(Float((row.indices.max { row[$0] < row[$1] } ?? 0) - row.startIndex))
      }
      let right = zip(said, wanted).count { $0 == $1 }
      if !isPicture { lines.append(line("says  ", said, wanted)) }
      let words = [" of \(NumberFormat.integer(places))"] + (isPicture ? [" pixels"] : [])
      let rightWords = "right " + NumberFormat.integer(right)
      let ways = [words.joined(), words[0]]
      let rest = ways.first { rightWords.count + $0.count <= width } ?? ""
      lines.append(
        .secondary("right ") + .text(NumberFormat.integer(right)) + .secondary(rest))
    } else {
      lines.append(noOutput(width))
    }
    return lines + [lossLine(lens, isNarrow: isNarrow)]
  }

  private func prediction(_ p: [Float], _ width: Int, _ isNarrow: Bool) -> [StyledText] {
    guard let target = targetNumber, !classes.isEmpty else {
      return [.secondary("output ") + .text(Self.numbers(p, width: width - 7))]
    }
    let symbol = givesScores ? "score" : "p"
    if p.count == 1 {
      let guess = (p.first ?? 0) > (givesScores ? 0 : 0.5) ? 1 : 0
      return [
        .secondary("\(symbol)(1) ") + .text(NumberFormat.fixed(p.first ?? 0, decimals: 4)),
        verdict(guess, target, isNarrow),
      ]
    }
    guard p.indices.contains(target) else { return [] }
    let guess = p.indices.max { p[$0] < p[$1] } ?? 0
    return [
      .secondary("\(symbol)(\(classes.indices.contains(target) ? classes[target] : "\(target)")) ")
        + .text(NumberFormat.fixed(p[target], decimals: 4)),
      verdict(guess, target, isNarrow),
    ]
  }

  private func verdict(_ guess: Int, _ target: Int, _ isNarrow: Bool) -> StyledText {
    let name = classes.indices.contains(guess) ? classes[guess] : "\(guess)"
    return .secondary("guess ") + .text(name) + " "
      + (guess == target
        ? .good(isNarrow ? "●" : "● right") : .bad(isNarrow ? "×" : "× wrong"))
  }

  /// At most four of them, and no more than fit whole; one number with the digits from which its loss
  /// can be worked out, or fewer where it has to be.
  private static func numbers(_ numbers: [Float], width: Int) -> String {
    func shown(_ count: Int, digits: Int) -> String {
      let shown = numbers.prefix(count).map { NumberFormat.compact($0, digits: digits) }
        .joined(separator: ", ")
      return numbers.count > count ? shown + " …" : shown
    }
    let ways =
      numbers.count == 1
      ? [7, 6, 5, 4].map { shown(1, digits: $0) } : (1...4).reversed().map { shown($0, digits: 4) }
    return Fitting.text(ways + [3, 2, 1].map { shown(1, digits: $0) } + ["…"], width: width)
  }

  func draw(_ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    guard let lens = moment.lens else {
      grid.box(area, title: "Example", isFocused: isFocused)
      return
    }
    let title = "Example \(lens.place) of \(moment.plan.batchSize)"
    let isOneOfMany = moment.plan.batchSize > 1
    let keys: [StyledText] = isOneOfMany ? [.hint("[ ]", "others")] : []
    let follows = isOneOfMany && state.step.interest.example == nil
    let notes = follows ? ["follows the largest number", "follows the largest"] : []
    let inside = grid.box(
      area, title: title, detail: Fitting.detail(keys, beside: title, in: area),
      note: .secondary(Fitting.text(notes, width: area.width - 6)), isFocused: isFocused)
    var x = inside.x + 1
    if let side = picture(lens), case let shown = min(side, 2 * inside.height), shown >= 8,
      inside.width >= shown + 16
    {
      let map = Heatmap(
        values: lens.input.scalars, rows: side, columns: side,
        scale: .ink(
          min(0, lens.input.scalars.min() ?? 0), lens.input.scalars.max() ?? 1), largestZoom: 1)
      // A pixel is as wide as two columns are: the picture keeps its proportions at one each.
      map.draw(in: Rect(x, inside.y, shown, (shown + 1) / 2), on: &grid)
      x += shown + 2
    }
    // A column of air before the border.
    let width = inside.right - 1 - x
    var all = lines(width: width)
    if x == inside.x + 1, !isSequence {
      all.insert(
        .secondary("input ")
          + .text(Self.numbers(lens.input.scalars, width: width - 6)), at: 0)
    }
    for other in lens.otherInputs + lens.otherTargets {
      let room = width - other.name.count - 1
      all.append(
        .secondary(other.name + " ") + .text(Self.numbers(other.tensor.scalars, width: room)))
    }
    // A program that loops by itself makes its batches from what it likes.
    let origin =
      state.lab.pass == nil
      ? "row \(NumberFormat.integer(lens.row)) of the data" : "of a batch the program made"
    if all.count < inside.height, origin.count <= width {
      all.append(.faint(origin))
    }
    for (row, line) in all.prefix(inside.height).enumerated() {
      grid.write(line, at: Point(x, inside.y + row), width: width)
    }
  }

  /// Whether the network looks its inputs up in a table: they are numbers of letters or words.
  private var readsTokens: Bool {
    state.lab.network?.layers.contains { $0.kind == "Embedding" } ?? false
  }

  /// The side of a square picture, nil for what is none.
  private func picture(_ lens: ExampleLens) -> Int? {
    // Letters and words are no pixels.
    guard !TokenNames(state).areNamed, !readsTokens else { return nil }
    let shape = Array(lens.input.shape.extents.dropFirst())
    if shape.count == 1, shape[0] == 64 { return 8 }
    guard shape.count >= 2, shape[0] == shape[1], shape.dropFirst(2).allSatisfy({ $0 == 1 }),
      (4...64).contains(shape[0])
    else { return nil }
    return shape[0]
  }
}
