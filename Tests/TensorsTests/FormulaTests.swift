import CKernels
import Foundation
import Tensors
import Testing

private let x = Formula.operand(0)
private let y = Formula.operand(1)

@Suite("Formulas", .serialized)
struct FormulaTests {
  @Test(
    "read as the field writes them",
    arguments: [
      (0.5 * x * (1 + .erf(x / .sqrt(2))), "0.5 × x × (1 + erf(x / √2))"),
      (.square(x - y) / 2, "(x − y)² / 2"),
      (.where(x > 0, x, 0.3 * .expm1(x)), "x if x > 0 else 0.3 × (e^x − 1)"),
      (-(x + y), "−(x + y)"), (x - (x - y), "x − (x − y)"), (x + -y, "x − y"),
      (.power(.named("β", 0.9), .updateCount), "βᵗ"), (.exp(-x), "e^(−x)"),
      (.sqrt(x + .named("ε", 1e-7)), "√(x + ε)"), (x / (x * y), "x / (x × y)"),
      (.max(x, -1), "max(x, −1)"), (.abs(x - 1), "|x − 1|"), (.log1p(.exp(x)), "log(1 + e^x)"),
      ((x < y) * x, "(x < y) × x"), (x * (x * 1e-7), "x × x × 1e-7"),
    ] as [(Formula, String)])
  func texts(formula: Formula, text: String) {
    #expect(formula.text(operands: ["x", "y"]) == text)
  }

  @Test("a template has a place for each operand, named part and long constant")
  func template() {
    let (text, leaves) = (x - .learningRate * y / (.sqrt(x) + .named("ε", 1e-7)) * 0.123456789)
      .template
    #expect(text == "{} − {} × {} / (√{} + {}) × {}")
    #expect(leaves.count == 6)
    #expect(leaves[1] == .setting(.learningRate))
    #expect(leaves[4] == .named("ε", .constant(1e-7)))
  }

  @Test(
    "have short derivatives",
    arguments: [
      (.sigmoid(x), "y × (1 − y)"), (.tanh(x), "1 − y²"), (.exp(x), "y"), (.square(x), "2 × x"),
      (.relu(x), "0 if x ≤ 0 else 1"), (.sqrt(x), "0.5 / y"), (3 * x + 1, "3"), (.round(x), "0"),
      (.where(x > 0, x, 0.2 * x), "1 if x > 0 else 0.2"), (.power(x, 3), "3 × x²"),
      (.log(x), "1 / x"), (x * x, "x + x"),
    ] as [(Formula, String)])
  func derivatives(formula: Formula, text: String) {
    let slope = formula.derivative(by: 0, output: .operand(1))
    #expect(slope.text(operands: ["x", "y"]) == text)
  }

  @Test("derivatives at kinks are those of PyTorch")
  func kinks() {
    func slope(_ formula: Formula, _ numbers: [Double], by i: Int = 0) -> Double {
      formula.derivative(by: i).value(of: { numbers[$0] }, StepEnvironment())
    }
    #expect(slope(.relu(x), [0]) == 0)
    #expect(slope(.relu(x), [.nan]) == 1)
    #expect(slope(.abs(x), [0]) == 0)
    #expect(slope(.max(x, y), [2, 2]) == 0.5)
    #expect(slope(.min(x, y), [2, 2], by: 1) == 0.5)
    #expect(slope(.max(x, y), [3, 2]) == 1)
    #expect(slope(.where(x > 0, .sqrt(x), 0), [-1]) == 0)
    #expect(slope(.power(x, y), [0, 2], by: 1) == 0)
    #expect(slope(.square(x), [0]) == 0)
  }

  @Test("common parts are computed once, constants and settings apart")
  func program() {
    let program = Program(adamFormulas)
    #expect(program.stepCount == 8)
    #expect(Program([(1, .sigmoid(x) * .tanh(.sigmoid(x)))]).stepCount == 3)
    #expect(Program([(1, x * .power(.learningRate, 2) * (2 * 0.5))]).stepCount <= 2)
  }

  @Test("two operations are one step where only the second takes the first's result")
  func pairs() {
    #expect(Program([(2, (x + y) * x)]).stepCount == 1)
    #expect(Program([(2, x - .square(y))]).stepCount == 1)
    #expect(Program([(2, (x + y) * x - y)]).stepCount == 2)
    #expect(Program([(2, (x + y) * (x + y))]).stepCount == 2)
    #expect(Program([(2, (x + y) * x), (3, x + y)]).stepCount == 2)
  }

  @Test("what is the same along a row is computed once a row")
  func rows() {
    let deviation: Formula = .sqrt(y + 0.001)
    let program = Program([(2, x / deviation)], rowBuffers: [1])
    #expect(program.rowStepCount == 2)
    #expect(program.stepCount == 1)
    #expect(Program([(2, x / deviation)]).stepCount == 3)
  }

  @Test("powers of constants are exact, as in a library")
  func powers() throws {
    for step in [0, 1, 7, 100] {
      for beta in [0.9, 0.99, 0.999] {
        let program = Program([(0, .power(.constant(beta), .updateCount) + 0 * x)])
        var expected = 1.0
        for _ in 0...step { expected *= Double(Float(beta)) }
        let result = try #require(run(program, [[0]], step: step))
        #expect(result == [Float(expected)])
      }
    }
  }

  @Test(
    "functions are within 3 units in the last place, and keep infinities and NaN",
    arguments: Formula.Function.allCases)
  func accuracy(function: Formula.Function) throws {
    let special = [
      Double.infinity, -.infinity, .nan, 0, 1e-6, -1e-6, 1e-30, 0.9999, 1.0001, 3.9999, 2e7,
    ]
    let grid = (-4300...4300).map { Double(Float($0) / 50) }
    let fine = (-3000...3000).map { Double(Float($0) / 2500) }
    let inputs = (grid + fine + special).map { Double(Float($0)) }
    let program = Program([(1, .function(function, x))])
    let test = KernelCase(
      kernel: .evaluate, buffers: [inputs, [Double](repeating: 0, count: inputs.count)],
      sizes: [1, inputs.count, 0, 0], program: program)
    let exact = test.runTwin(Double.self)[1]
    for tier in ["base", "avx2", "avx512", "neon"] where bs_force_tier(tier) != 0 {
      let result = try #require(test.runKernel())[1]
      var worst = (error: 0.0, at: 0.0)
      for (input, (y, right)) in zip(inputs, zip(result, exact)) {
        if right.isNaN {
          #expect(y.isNaN, "\(function)(\(input)) = \(y) on \(tier)")
        } else if !Float(right).isFinite || Swift.abs(right) < 2e-38 {
          #expect(
            Swift.abs(Double(y) - right) < 2e-38 || y == Float(right), "\(function)(\(input))")
        } else {
          let error = Swift.abs(Double(y) - right) / Double(Float(right).ulp)
          if error > worst.error { worst = (error, input) }
        }
      }
      #expect(worst.error <= 3, "\(function)(\(worst.at)) on \(tier)")
    }
  }

  @Test("powers are right, also at their edges")
  func powerEdges() throws {
    let bases = [2, -2, -2, 0, 0, -0.5, 1, .infinity, 3.7, 0.001, 10, -8, 0.5, 1e30, .nan, 5]
    let exponents = [0.3, 3, 0.5, 2, -1, -2, .nan, 0.5, 7.3, 5.5, -3, 1, 200, 1.3, 0, 1e8]
    let program = Program([(2, .power(x, y))])
    let result = try #require(
      run(program, [bases, exponents, [Double](repeating: 0, count: bases.count)], output: 2))
    for (i, y) in result.enumerated() {
      let right = Float(pow(Double(Float(bases[i])), Double(Float(exponents[i]))))
      #expect(
        y == right || y.isNaN && right.isNaN || Swift.abs(y - right) <= right.ulp,
        "\(bases[i]) ^ \(exponents[i]) = \(y), not \(right)")
    }
  }

  @Test("long arrays are the same bytes on one thread and on several")
  func threads() throws {
    defer { bs_set_threads(1) }
    var draw = Draw("long formulas")
    let gelu: Formula = 0.5 * x * (1 + .erf(x / .sqrt(2))) + y
    for (rows, columns) in [(1, 200_003), (90_000, 3), (300, 700)] {
      let count = rows * columns
      let test = KernelCase(
        kernel: .evaluate,
        buffers: [draw.numbers(count, scale: 3), draw.numbers(columns), draw.numbers(count)],
        sizes: [rows, columns, 0, 3, 0], program: Program([(0, gelu), (2, gelu * x)]))
      bs_set_threads(1)
      let alone = try #require(test.runKernel())
      for threads: Int32 in [2, 3] {
        bs_set_threads(threads)
        #expect(test.runKernel() == alone, "\(rows) × \(columns)")
      }
    }
  }

  private func run(
    _ program: Program, _ buffers: [[Double]], step: Int = 3, output: Int = 0
  ) -> [Float]? {
    var test = KernelCase(
      kernel: .evaluate, buffers: buffers,
      sizes: [1, buffers[0].count] + buffers.map { _ in 0 }, program: program)
    test.environment.step = step
    return test.runKernel()?[output]
  }
}
