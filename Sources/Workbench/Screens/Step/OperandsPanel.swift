import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Where the arrays of a small instruction stand: what it takes above, what it makes below.
struct OperandBlocks {
  struct Block {
    let heading: String
    let title: StyledText
    let matrix: NumberMatrix
    /// Which result it is, nil for an operand.
    let result: Int?
    /// Whether a small screen may leave it out.
    let isLearned: Bool
    var area = Rect(0, 0, 0, 0)
  }

  private(set) var blocks: [Block] = []
  private let isCompact: Bool

  init(_ moment: StepMoment, isCompact: Bool) {
    self.isCompact = isCompact
    guard let index = moment.instruction else { return }
    let instruction = moment.plan.instructions[index]
    var last = ""
    for operand in moment.operands where operand.isKnown {
      let role = Self.role(of: operand, instruction.phase, moment.plan)
      let heading = role == last ? "" : role
      last = role
      blocks.append(block(operand, heading, nil, isChosen: false, cell: nil, formula: nil))
    }
    for (place, result) in moment.results.enumerated() {
      let isChosen = place == moment.result
      blocks.append(
        block(
          result, place == 0 ? "goes out" : "", place, isChosen: isChosen,
          cell: isChosen ? moment.cell : nil, formula: instruction.results[place].formula))
    }
  }

  private static let learned = "is learned"

  private static func role(of shown: ShownValue, _ phase: Phase, _ plan: Plan) -> String {
    let role = plan[shown.value].role
    switch role {
    case .parameter: return learned
    case .target: return "should come out"
    default: break
    }
    return phase == .backward && role != .gradient ? "kept from the forward pass" : "comes in"
  }

  private func block(
    _ shown: ShownValue, _ heading: String, _ result: Int?, isChosen: Bool, cell: Int?,
    formula: String?
  ) -> Block {
    let shape = StyledText.faint("  " + shown.tensor.shape.description)
    let text = formula.map { isCompact ? $0.replacing(" · ", with: "·") : $0 } ?? shown.symbol
    let name: StyledText = isChosen ? .accent(text) : .text(text)
    let title =
      !isCompact
      ? name + shape
      : heading.isEmpty || result != nil ? name : name + .faint("  " + Self.short(heading))
    var matrix = shown.matrix(chosen: cell, cellWidth: 8)
    matrix.hasHeadings = !isCompact
    return Block(
      heading: isCompact ? "" : heading, title: title, matrix: matrix, result: result,
      isLearned: heading == Self.learned)
  }

  private static func short(_ heading: String) -> String {
    heading == "comes in" ? "in" : heading == "kept from the forward pass" ? "kept" : heading
  }

  private func size(of block: Block) -> Size {
    let numbers = block.matrix.size
    return Size(
      max(numbers.width, block.title.width, block.heading.count),
      (isCompact ? 1 : 2) + numbers.height)
  }

  /// The room that all of them take, nil when it is more than there is.
  func size(in area: Rect) -> Size? { placed(in: area).map(\.size) }

  /// The blocks in two rows, operands above results. A small screen leaves out what is learned
  /// where that makes the others fit.
  func placed(in area: Rect) -> (blocks: [Block], size: Size)? {
    if let all = placed(blocks, in: area) { return all }
    guard isCompact, blocks.contains(where: { $0.result == nil && !$0.isLearned }) else {
      return nil
    }
    return placed(blocks.filter { !$0.isLearned }, in: area)
  }

  private func placed(_ blocks: [Block], in area: Rect) -> (blocks: [Block], size: Size)? {
    let gap = isCompact ? 2 : 3
    guard !blocks.isEmpty, blocks.allSatisfy({ $0.matrix.rows <= 40 && $0.matrix.columns <= 40 })
    else { return nil }
    var placed: [Block] = []
    var y = area.y
    var widest = 0
    for part in [blocks.filter { $0.result == nil }, blocks.filter { $0.result != nil }]
    where !part.isEmpty {
      var x = area.x
      var height = 0
      for var block in part {
        let size = size(of: block)
        block.area = Rect(x, y, size.width, size.height)
        x += size.width + gap
        height = max(height, size.height)
        placed.append(block)
      }
      widest = max(widest, x - gap - area.x)
      y += height + (isCompact ? 0 : 1)
    }
    let size = Size(widest, y - area.y - (isCompact ? 0 : 1))
    return size.width <= area.width && size.height <= area.height ? (placed, size) : nil
  }
}

/// All operands and results of a small instruction.
struct OperandsPanel: StepView {
  let scene: StepScene
  private let blocks: OperandBlocks

  init(scene: StepScene) {
    self.scene = scene
    blocks = OperandBlocks(scene.moment, isCompact: scene.state.isCompact)
  }

  private var inside: Rect {
    state.isCompact
      ? area.inset(columns: 2, rows: 1) : area.inset(columns: 3, rows: 1).trimmed(top: 1)
  }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    guard let index = moment.instruction else { return }
    let instruction = moment.plan.instructions[index]
    let layer = instruction.layer.map { $0 + ": " } ?? ""
    let placed = placed
    let line = area.row(area.height - 2)
    let hasRow = !state.isCompact && (placed.map(\.area.bottom).max() ?? 0) < line.y
    let key =
      state.ability.depth == .none
      ? nil
      : Fitting.first(
        [", 0 fades; each matrix on its own scale", ", each on its own scale", ""].map {
          .secondary("color: ") + .signs(state.ability) + .secondary($0)
        }, width: area.width - 6)
    // Where the matrices take all rows, the border has it.
    grid.box(
      area, title: layer + Self.action(instruction),
      detail: .secondary("\(moment.done) of \(moment.plan.instructions.count)"),
      note: hasRow ? StyledText() : key ?? StyledText(), isFocused: isFocused)
    for block in placed { draw(block, on: &grid) }
    if hasRow, let key { grid.write(key, at: Point(inside.x, line.y), width: inside.width) }
  }

  private static func action(_ instruction: Instruction) -> String {
    instruction.phase == .backward
      ? "back through " + instruction.title.replacing("∂ ", with: "", maxReplacements: 1)
      : instruction.title
  }

  private var placed: [OperandBlocks.Block] {
    blocks.placed(in: inside)?.blocks ?? blocks.placed(in: Rect(inside.x, inside.y, 999, 999))?
      .blocks ?? []
  }

  private func draw(_ block: OperandBlocks.Block, on grid: inout CellGrid) {
    grid.clipped(to: inside) { grid in
      var top = block.area
      if !state.isCompact {
        grid.write(.secondary(block.heading), at: top.origin)
        top = top.trimmed(top: 1)
      }
      grid.write(block.title, at: top.origin)
      block.matrix.draw(in: top.trimmed(top: 1), on: &grid)
    }
  }

  /// The number under a point: which result and which cell.
  func place(at point: Point) -> (result: Int, cell: Int)? {
    for block in placed {
      guard let result = block.result else { continue }
      let top = block.area.trimmed(top: state.isCompact ? 1 : 2)
      if let place = block.matrix.place(at: point, in: top) {
        return (result, place.row * block.matrix.columns + place.column)
      }
    }
    return nil
  }
}
