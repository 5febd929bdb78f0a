import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("Close looks at layers")
struct CloseUpTests {
  /// A lab with a sample run, some steps in, looking closely at something.
  private static func look(
    _ sample: String, steps: Int = 2, _ interest: CloseUpInterest
  ) throws -> CloseUpPicture {
    let settings = try #require(SampleRun.all.first { $0.name == sample }).settings
    let lab = Lab()
    lab.handle(.open(settings))
    var wanted = Interest()
    wanted.closeUp = interest
    lab.handle(.look(wanted))
    lab.handle(.move(steps, .step))
    return try #require(lab.snapshot().closeUp)
  }

  private static let convolutions = [
    "convolution, pooling, dropout", "convolution with strides and zeros around",
    "dilation, groups, depthwise, separable, transposed",
  ]

  @Test("every number of a window is the sum that it is opened as", arguments: convolutions)
  func windows(_ sample: String) throws {
    let settings = try #require(SampleRun.all.first { $0.name == sample }).settings
    let network = try Network(settings.model, inputShape: nil)
    var seen = 0
    for layer in network.layers where CloseUp.ofLayer(kind: layer.kind) == .kernel {
      var interest = CloseUpInterest(.kernel, layer: layer.name)
      interest.example = 1
      for (row, column, part) in [(0, 0, 0), (1, 1, 1), (99, 99, 99)] {
        (interest.row, interest.column, interest.part) = (row, column, part)
        guard case .kernel(let kernel) = try Self.look(sample, interest) else {
          Issue.record("\(layer.name) shows no window")
          continue
        }
        let first = try #require(kernel.steps.first)
        if let sum = first.recomputed { #expect(abs(sum - Double(first.result)) < 1e-4) }
        let shown = try #require(kernel.number(kernel.row, kernel.column, map: kernel.map))
        #expect(kernel.steps.last?.result == shown)
        try Self.expectReads(kernel, first)
        seen += 1
      }
    }
    #expect(seen > 2)
  }

  @Test(
    "a window begins where its map is largest, when no place is chosen", arguments: convolutions)
  func largest(_ sample: String) throws {
    let settings = try #require(SampleRun.all.first { $0.name == sample }).settings
    let network = try Network(settings.model, inputShape: nil)
    for layer in network.layers where CloseUp.ofLayer(kind: layer.kind) == .kernel {
      var interest = CloseUpInterest(.kernel, layer: layer.name)
      interest.seeksLargest = true
      guard case .kernel(let kernel) = try Self.look(sample, interest) else {
        Issue.record("\(layer.name) shows no window")
        continue
      }
      let shown = try #require(kernel.number(kernel.row, kernel.column, map: kernel.map))
      #expect(abs(shown) == kernel.map(kernel.map).map { abs($0) }.max())
    }
  }

  /// The places that are framed are those of the terms: as many as lie inside, with their numbers.
  private static func expectReads(_ kernel: KernelCloseUp, _ sum: CellExplanation) throws {
    guard case .sum(let terms) = sum.body, !kernel.isTransposed else { return }
    let shape = kernel.input.shape
    var inside: [Float] = []
    for row in 0..<shape[0] {
      for column in 0..<shape[1] where kernel.reads.contains(row, column) {
        for channel in kernel.channels {
          inside.append(kernel.input.scalars[(row * shape[1] + column) * shape[2] + channel])
        }
      }
    }
    #expect(terms.compactMap { $0.factors.first?.value } == inside)
    if let weights = kernel.kernel {
      let known = Set(weights.scalars)
      #expect(terms.allSatisfy { $0.factors.count < 2 || known.contains($0.factors[1].value) })
    }
  }

  @Test("gates are those of the layer: the memory is f c' + i g, the output o tanh(c)")
  func gates() throws {
    var found = 0
    for sample in SampleRun.all {
      let network = try Network(sample.settings.model, inputShape: nil)
      for layer in network.layers where layer.kind == "LSTM" {
        let picture = try Self.look(sample.name, CloseUpInterest(.gates, layer: layer.name))
        guard case .gates(let gates) = picture else { continue }
        let rows = gates.recurrent
        for time in 1..<rows.steps {
          func number(_ part: RecurrentMoment.Part, _ time: Int) throws -> Float {
            try #require(rows.number(part, at: time, unit: 0))
          }
          let c =
            try number(.f, time) * number(.c, time - 1) + number(.i, time) * number(.g, time)
          #expect(try abs(number(.c, time) - c) < 1e-5)
          found += 1
        }
      }
    }
    #expect(found > 0)
  }

  @Test("what is looked at on Step is the step's own batch, known as far as it is done")
  func ofStep() throws {
    let sample = Self.convolutions[0]
    let settings = try #require(SampleRun.all.first { $0.name == sample }).settings
    let lab = Lab()
    lab.handle(.open(settings))
    let network = try Network(settings.model, inputShape: nil)
    let layer = try #require(network.layers.first { $0.kind == "Conv2D" })
    var wanted = Interest()
    wanted.closeUp = CloseUpInterest(.kernel, layer: layer.name)
    wanted.closeUp?.isOfStep = true
    lab.handle(.look(wanted))
    guard case .none(let reason)? = lab.snapshot().closeUp else {
      Issue.record("numbers of a step that has not begun")
      return
    }
    #expect(reason.contains("no numbers in this step yet"))
    lab.handle(.move(2, .instruction))
    guard case .kernel(let kernel)? = lab.snapshot().closeUp else {
      Issue.record("no window after its instruction")
      return
    }
    let session = try #require(lab.session)
    let row = try #require(session.batchRows.first)
    #expect(kernel.input.scalars == settings.data.training.inputs.rows([row]).scalars)
  }

  @Test("a layer without what is asked for says so, and nothing traps")
  func nothing() throws {
    for kind in CloseUp.allCases where kind != .walk {
      for layer in ["", "dense", "no such layer"] {
        let picture = try Self.look("dense, SGD", CloseUpInterest(kind, layer: layer))
        guard case .none(let reason) = picture else {
          Issue.record("\(kind) of \(layer)")
          continue
        }
        #expect(!reason.isEmpty)
      }
    }
  }
}

@Suite("Principal axes")
struct PrincipalAxesTests {
  @Test("they are the directions of the largest variance, at right angles, of length 1")
  func axes() {
    // Points along (3, 4, 0) / 5, a little along (-4, 3, 0) / 5, less along the third.
    let numbers: [Float] = (0..<40).flatMap { i -> [Float] in
      let (a, b) = (Float(i) - 19.5, Float(i % 4) - 1.5)
      let c = Float(i % 2) * 0.1
      return [0.6 * a - 0.8 * b + 7, 0.8 * a + 0.6 * b - 2, c]
    }
    let found = PrincipalAxes(of: Tensor(shape: [40, 3], scalars: numbers))
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(found.axes.count == 2)
    #expect(abs(abs(product(found.axes[0], [0.6, 0.8, 0])) - 1) < 1e-3)
    #expect(abs(product(found.axes[0], found.axes[1])) < 1e-9)
    for axis in found.axes { #expect(abs(product(axis, axis) - 1) < 1e-9) }
    #expect(found.shares[0] > 0.98 && found.shares[0] + found.shares[1] <= 1 + 1e-9)
    #expect(found.places.count == 40)
    #expect(abs(found.places.reduce(Float(0)) { $0 + $1.x }) < 1e-3)
  }

  @Test("from the axes of a moment ago the signs stay")
  func signs() {
    let numbers: [Float] = (0..<30).map { Float($0 * 7 % 11) * ($0 % 3 == 0 ? 2 : 1) }
    let rows = Tensor(shape: [10, 3], scalars: numbers)
    let first = PrincipalAxes(of: rows)
    let turned = first.axes.map { $0.map { -$0 } }
    let next = PrincipalAxes(of: rows, startingFrom: turned)
    for (a, b) in zip(next.axes[0], turned[0]) { #expect(abs(a - b) < 1e-4) }
  }

  @Test(
    "rows of nothing, of one number, all the same or not finite trap nothing",
    arguments: [
      (0, 3, Float(1)), (4, 1, 2), (5, 4, 3), (3, 2, Float.nan), (3, 2, .infinity), (1, 2, 1),
    ])
  func oddities(_ count: Int, _ size: Int, _ number: Float) {
    let rows = Tensor(
      shape: [count, size], scalars: [Float](repeating: number, count: count * size))
    let found = PrincipalAxes(of: rows)
    #expect(found.places.count == count)
    #expect(found.places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }
}
