import CKernels
import Tensors

/// One call of a kernel with its inputs, to be run by the C kernel and by its twin.
struct KernelCase: CustomStringConvertible {
  var kernel: Kernel
  /// Inputs, and zeros or old values where outputs go; nil where a buffer is absent.
  var buffers: [[Double]?]
  var sizes: [Int]
  var constants: [Double] = []
  /// The buffer that is scratch, and whose content means nothing.
  var scratch: Int?
  /// For `Kernel.evaluate`.
  var program: Program?

  var description: String {
    "\(kernel) \(sizes)" + (program?.outputs.map { " \($0.buffer) ← \($0.formula)" }.joined() ?? "")
  }

  var environment = StepEnvironment(seed: 42, step: 3, learningRate: 0.01)
  static let key: UInt64 = 77

  /// What the twin leaves in the buffers.
  func runTwin<Scalar: ReferenceScalar>(_: Scalar.Type) -> [[Scalar]] {
    let memory = Guarded<Scalar>(buffers)
    Scalar.run(
      kernel,
      ReferenceCall(
        buffers: memory.pointers, sizes: sizes, constants: constants, key: Self.key,
        environment: environment, program: program))
    return memory.contents(except: scratch)
  }

  /// What the C kernel leaves in the buffers; nil when it wrote beyond one.
  func runKernel() -> [[Float]]? {
    let memory = Guarded<Float>(buffers)
    var settings = bs_env(
      seed: environment.seed, step: Int64(environment.step),
      learning_rate: Float(environment.learningRate))
    var call = bs_call()
    withUnsafeMutableBytes(of: &call.p) { places in
      let places = places.bindMemory(to: UnsafeMutablePointer<Float>?.self)
      for (i, pointer) in memory.pointers.enumerated() { places[i] = pointer }
    }
    withUnsafeMutableBytes(of: &call.n) { places in
      let places = places.bindMemory(to: Int64.self)
      for (i, size) in sizes.enumerated() { places[i] = Int64(size) }
    }
    withUnsafeMutableBytes(of: &call.f) { places in
      let places = places.bindMemory(to: Float.self)
      for (i, constant) in constants.enumerated() { places[i] = Float(constant) }
    }
    call.key = Self.key
    let program = self.program.map { ProgramMemory($0) }
    call.program = program?.pointer
    withUnsafePointer(to: &settings) {
      call.env = $0
      kernel.function(&call)
    }
    withExtendedLifetime(program) {}
    return memory.isIntact ? memory.contents(except: scratch) : nil
  }
}

/// Buffers of one size with a strip behind each that must stay as it is.
private final class Guarded<Scalar: ReferenceScalar> {
  let pointers: [UnsafeMutablePointer<Scalar>?]
  private let counts: [Int]
  private let strip = 40

  init(_ buffers: [[Double]?]) {
    counts = buffers.map { $0?.count ?? 0 }
    pointers = buffers.map { numbers in
      guard let numbers else { return nil }
      let pointer = UnsafeMutablePointer<Scalar>.allocate(capacity: numbers.count + 40)
      for (i, x) in numbers.enumerated() { pointer[i] = Scalar(x) }
      for i in 0..<40 { pointer[numbers.count + i] = .nan }
      return pointer
    }
  }

  deinit { for pointer in pointers { pointer?.deallocate() } }

  var isIntact: Bool {
    zip(pointers, counts).allSatisfy { pointer, count in
      guard let pointer else { return true }
      return (0..<strip).allSatisfy { pointer[count + $0].isNaN }
    }
  }

  func contents(except scratch: Int?) -> [[Scalar]] {
    zip(pointers, counts).enumerated().map { i, buffer in
      guard let pointer = buffer.0, i != scratch else { return [] }
      return Array(UnsafeBufferPointer(start: pointer, count: buffer.1))
    }
  }
}
