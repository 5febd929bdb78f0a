import Foundation

/// What changes from step to step.
package struct StepEnvironment: Hashable, Sendable {
  /// The seed of the run.
  package var seed: UInt64
  /// Training steps done before this one: 0 in the first step.
  package var step: Int
  package var learningRate: Double

  package init(seed: UInt64 = 0, step: Int = 0, learningRate: Double = 0) {
    self.seed = seed
    self.step = step
    self.learningRate = learningRate
  }
}

/// The numbers that the readable kernels compute with: `Float`, as the engine does, or `Double`,
/// where a gradient is checked.
package protocol ReferenceScalar: BinaryFloatingPoint {
  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func power(_ x: Self, _ y: Self) -> Self
  /// `sum + a · b`: rounded once in `Float`, as the engine does; in `Double`, where nothing is
  /// compared to the last bit, as is fastest.
  static func add(_ a: Self, times b: Self, to sum: inout Self)
  /// Runs a readable kernel. A member of each type, so that the compiler makes every kernel for that
  /// type: from another module, `Reference.run` would ask for each addition how it is done.
  static func run(_ kernel: Kernel, _ call: ReferenceCall<Self>)
}

extension Float: ReferenceScalar {
  package static func exp(_ x: Float) -> Float { Foundation.exp(x) }
  package static func log(_ x: Float) -> Float { Foundation.log(x) }
  package static func tanh(_ x: Float) -> Float { Foundation.tanh(x) }
  package static func power(_ x: Float, _ y: Float) -> Float { Foundation.pow(x, y) }
  package static func add(_ a: Float, times b: Float, to sum: inout Float) { sum.addProduct(a, b) }
  package static func run(_ kernel: Kernel, _ call: ReferenceCall<Float>) {
    Reference.run(kernel, call)
  }
}

extension Double: ReferenceScalar {
  package static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  package static func log(_ x: Double) -> Double { Foundation.log(x) }
  package static func tanh(_ x: Double) -> Double { Foundation.tanh(x) }
  package static func power(_ x: Double, _ y: Double) -> Double { Foundation.pow(x, y) }
  package static func add(_ a: Double, times b: Double, to sum: inout Double) { sum += a * b }
  package static func run(_ kernel: Kernel, _ call: ReferenceCall<Double>) {
    Reference.run(kernel, call)
  }
}

/// One call of a kernel's readable twin: the same buffers, sizes and constants, in the same places,
/// as the C kernel's `bs_call`; `ckernels.h` says what each place means.
package struct ReferenceCall<Scalar: ReferenceScalar> {
  package var buffers: [UnsafeMutablePointer<Scalar>?]
  package var sizes: [Int]
  package var constants: [Double]
  package var key: UInt64
  package var environment: StepEnvironment
  /// For `Kernel.evaluate`.
  package var program: Program?

  package init(
    buffers: [UnsafeMutablePointer<Scalar>?], sizes: [Int], constants: [Double] = [],
    key: UInt64 = 0, environment: StepEnvironment = StepEnvironment(), program: Program? = nil
  ) {
    self.buffers = buffers
    self.sizes = sizes
    self.constants = constants
    self.key = key
    self.environment = environment
    self.program = program
  }

  /// The buffer in place `i`, which must be there.
  subscript(i: Int) -> UnsafeMutablePointer<Scalar> {
    guard let buffer = buffers[i] else { preconditionFailure("the kernel needs buffer \(i)") }
    return buffer
  }
}

/// The kernels in plain Swift: one function a kernel, written to be read, under `Reference/`.
///
/// They are what the C kernels are tested against, and, in `Double`, what gradients are checked with.
package enum Reference {
  /// Runs the twin of `kernel`; scratch buffers are left alone.
  static func run<Scalar: ReferenceScalar>(
    _ kernel: Kernel, _ call: ReferenceCall<Scalar>
  ) {
    switch kernel {
    case .matMul: matMul(call)
    case .addBias: addBias(call)
    case .sumRows: sumRows(call)
    case .map: map(call)
    case .mapGradient: mapGradient(call)
    case .productGradient: productGradient(call)
    case .softmax: softmax(call)
    case .softmaxGradient: softmaxGradient(call)
    case .add: add(call)
    case .multiply: multiply(call)
    case .dropout: dropout(call)
    case .swapAxes: swapAxes(call)
    case .lstmCell: lstmCell(call)
    case .lstmOutput: lstmOutput(call)
    case .lstmCellGradient: lstmCellGradient(call)
    case .conv2D: conv2D(call)
    case .conv2DInputGradient: conv2DInputGradient(call)
    case .conv2DKernelGradient: conv2DKernelGradient(call)
    case .maxPool2D: maxPool2D(call)
    case .maxPool2DGradient: maxPool2DGradient(call)
    case .averagePool2D: averagePool2D(call)
    case .averagePool2DGradient: averagePool2DGradient(call)
    case .affineTransform: affineTransform(call)
    case .affineTransformGradient: affineTransformGradient(call)
    case .loss: loss(call)
    case .lossGradient: lossGradient(call)
    case .accuracy: accuracy(call)
    case .sgd: sgd(call)
    case .adam: adam(call)
    case .sumSquares: sumSquares(call)
    case .changeSquares: changeSquares(call)
    case .copyStrided: copyStrided(call)
    case .addStrided: addStrided(call)
    case .batchedMatMul: batchedMatMul(call)
    case .gather: gather(call)
    case .scatterAdd: scatterAdd(call)
    case .oneHot: oneHot(call)
    case .alongAxis: alongAxis(call)
    case .alongAxisGradient: alongAxisGradient(call)
    case .random: random(call)
    case .evaluate: evaluate(call)
    case .reduce: reduce(call)
    case .reduceGradient: reduceGradient(call)
    }
  }
}
