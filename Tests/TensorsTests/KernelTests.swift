import CKernels
import Foundation
import KernelSources
import Tensors
import Testing

/// The instruction sets of this processor, the fastest last.
private let tiers: [String] = {
  let fastest = String(cString: bs_tier())
  defer { _ = bs_force_tier(fastest) }
  return ["base", "emulated", "neon", "avx2", "avx512"].filter { bs_force_tier($0) != 0 }
}()

// The number of threads is global, so these tests run one after the other; a tier is forced on the
// thread of a test alone, and every test ends with the fastest.
@Suite("Kernels", .serialized)
struct KernelTests {
  @Test("agree with their twins in Float32 and Float64 on every tier", arguments: Kernel.allCases)
  func agreement(kernel: Kernel) throws {
    let cases = kernelCases(kernel)
    #expect(!cases.isEmpty)
    for test in cases {
      let single = test.runTwin(Float.self).map { $0.map(Double.init) }
      let double = test.runTwin(Double.self)
      for tier in tiers {
        #expect(bs_force_tier(tier) != 0)
        let result = try #require(test.runKernel(), "\(test) wrote beyond a buffer on \(tier)")
        let numbers = result.map { $0.map(Double.init) }
        for i in numbers.indices {
          let (d, s) = (distance(numbers[i], double[i]), distance(numbers[i], single[i]))
          #expect(d <= 1e-5, "\(test) buffer \(i) on \(tier), Float64")
          #expect(s <= 1e-5, "\(test) buffer \(i) on \(tier), Float32")
        }
      }
    }
  }

  @Test("give the same bytes on every tier with fused multiply-add", arguments: Kernel.allCases)
  func sameBytes(kernel: Kernel) throws {
    for test in kernelCases(kernel) { try expectSameBytes(test) }
  }

  /// Expects one result on all tiers that have fused multiply-add or emulate it.
  private func expectSameBytes(_ test: KernelCase) throws {
    let fused = tiers.filter { $0 != "base" }
    let results = try fused.map { tier in
      #expect(bs_force_tier(tier) != 0)
      return try #require(test.runKernel())
    }
    for (tier, result) in zip(fused, results) {
      let isSame = haveSameBytes(result, results[0])
      #expect(isSame, "\(test) differs on \(tier) from \(fused[0])")
    }
  }

  @Test("a product is the twin's, byte for byte, where multiply-add is fused")
  func productBytes() throws {
    guard let tier = tiers.last, tier != "base" else { return }
    #expect(bs_force_tier(tier) != 0)
    for test in kernelCases(.matMul) {
      let result = try #require(test.runKernel())
      #expect(result[2] == test.runTwin(Float.self)[2], "\(test)")
    }
  }

  @Test(
    "a convolution and its gradients are the twins', byte for byte, where multiply-add is fused",
    arguments: [Kernel.conv2D, .conv2DInputGradient, .conv2DKernelGradient])
  func convolutionBytes(kernel: Kernel) throws {
    guard let tier = tiers.last, tier != "base" else { return }
    #expect(bs_force_tier(tier) != 0)
    for test in kernelCases(kernel) {
      let result = try #require(test.runKernel())
      #expect(result[2] == test.runTwin(Float.self)[2], "\(test)")
    }
  }

  @Test("give the same bytes on one thread and on several, on every tier")
  func threads() throws {
    defer { bs_set_threads(1) }
    for test in threadCases() {
      bs_set_threads(1)
      try expectSameBytes(test)
      for tier in tiers where tier != "emulated" {
        #expect(bs_force_tier(tier) != 0)
        bs_set_threads(1)
        let alone = try #require(test.runKernel())
        for count: Int32 in [2, 3, 2] {
          bs_set_threads(count)
          let isSame = haveSameBytes(try #require(test.runKernel()), alone)
          #expect(isSame, "\(test) on \(count) threads, \(tier)")
        }
      }
    }
  }

  @Test(
    "functions are within 3 units in the last place, and keep infinities and NaN",
    arguments: [ScalarFunction.sigmoid, .tanh, .exp])
  func accuracy(function: ScalarFunction) throws {
    for tier in tiers {
      #expect(bs_force_tier(tier) != 0)
      let x = (-8600...8600).map { Double(Float($0) / 100) }
      let special = [
        Double.infinity, -.infinity, .nan, 0, 1e-6, -1e-6, 0.6499, 0.6501, 1e30, -1e30,
      ]
      let test = KernelCase(
        kernel: .map, buffers: [x + special, [Double](repeating: 0, count: x.count + 10)],
        sizes: [function.rawValue, 1, x.count + 10, x.count + 10, x.count + 10])
      let result = try #require(test.runKernel())[1]
      let exact = test.runTwin(Double.self)[1]
      for (input, (y, right)) in zip(x + special, zip(result, exact)) {
        if right.isNaN {
          #expect(y.isNaN, "\(function)(\(input))")
        } else if !Float(right).isFinite || Swift.abs(right) < 2e-38 {
          #expect(
            Swift.abs(Double(y) - right) < 2e-38 || y == Float(right), "\(function)(\(input))")
        } else {
          let error = Swift.abs(Double(y) - right) / Double(Float(right).ulp)
          #expect(error <= 3, "\(function)(\(input)) on \(tier)")
        }
      }
    }
  }

  @Test("relu hands a gradient on where it gave NaN, as PyTorch does, on every tier")
  func reluAtNaN() throws {
    // torch 2.13: relu of these, and its gradient for 2, 3, …, 8.
    let x: [Double] = [.nan, .infinity, -.infinity, 0, -0.0, 1, -1]
    let dy: [Double] = [2, 3, 4, 5, 6, 7, 8]
    let dx: [Float] = [2, 3, 0, 0, 0, 7, 0]
    let forward = KernelCase(
      kernel: .map, buffers: [x, [Double](repeating: 0, count: 7)],
      sizes: [ScalarFunction.relu.rawValue, 1, 7, 7, 7])
    for tier in tiers {
      #expect(bs_force_tier(tier) != 0)
      let y = try #require(forward.runKernel())[1]
      #expect(y[0].isNaN && Array(y[1...]) == [.infinity, 0, 0, 0, 1, 0])
      let gradient = KernelCase(
        kernel: .mapGradient, buffers: [y.map(Double.init), dy, [Double](repeating: 9, count: 7)],
        sizes: [ScalarFunction.relu.rawValue, 1, 7, 7, 7, 7])
      #expect(try #require(gradient.runKernel())[2] == dx, "\(tier)")
      #expect(gradient.runTwin(Float.self)[2] == dx.map { $0 })
      let product = KernelCase(
        kernel: .productGradient,
        buffers: [
          dy, [Double](repeating: 1, count: 7), y.map(Double.init),
          [Double](repeating: 9, count: 7),
        ],
        sizes: [ScalarFunction.relu.rawValue, 1, 7, 7])
      #expect(try #require(product.runKernel())[3] == dx, "\(tier)")
    }
  }

  @Test("a class that does not exist makes the loss not a number, and no gradient")
  func noSuchClass() throws {
    for target in [-1.0, 3, 1e20, .nan] {
      let loss = KernelCase(
        kernel: .loss, buffers: [[0.2, 0.3, 0.5], [target], [0], [0]], sizes: [3, 1, 3, 0])
      #expect(try #require(loss.runKernel())[3][0].isNaN)
      #expect(loss.runTwin(Float.self)[3][0].isNaN)
      let gradient = KernelCase(
        kernel: .lossGradient, buffers: [[0.2, 0.3, 0.5], [target], [1, 1, 1]],
        sizes: [3, 1, 3, 0])
      #expect(try #require(gradient.runKernel())[2] == [0, 0, 0])
      #expect(gradient.runTwin(Float.self)[2].allSatisfy { $0 == 0 })
    }
  }

  @Test("denormal numbers are flushed where asked")
  func denormals() {
    bs_flush_denormals()
    let tiny = KernelCase(
      kernel: .multiply, buffers: [[1e-30], [1e-12], [1]], sizes: [1])
    #expect(tiny.runKernel()?[2] == [0])
  }

  @Test("every twin has its source at hand", arguments: Kernel.allCases)
  func sources(kernel: Kernel) throws {
    let text = try #require(source(of: kernel))
    #expect(text.contains("static func \(kernel)<Scalar: ReferenceScalar>"))
    #expect(text.contains("  /// "))
  }
}

/// Whether all bytes are the same but for those of numbers that are none (NaN): processors differ in
/// which of their bits they set.
private func haveSameBytes(_ a: [[Float]], _ b: [[Float]]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { x, y in
      let areSame = x.withUnsafeBytes { x in
        y.withUnsafeBytes { y in
          guard let from = x.baseAddress, let other = y.baseAddress else {
            return x.count == y.count
          }
          return x.count == y.count && memcmp(from, other, x.count) == 0
        }
      }
      return areSame
        || x.count == y.count
          && zip(x, y).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN }
    }
}

/// max|a - b| / max|b|, or the plain difference where b is small; infinite when NaNs differ.
private func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  // The lowest and highest probabilities are rounded in Float32, which moves a loss of 1e-7 by 2e-8.
  var (worst, size) = (0.0, 1e-2)
  for (x, y) in zip(a, b) where x != y && !(x.isNaN && y.isNaN) {
    guard x.isFinite && y.isFinite else { return .infinity }
    worst = max(worst, Swift.abs(x - y))
  }
  for y in b where y.isFinite { size = max(size, Swift.abs(y)) }
  return worst / size
}
