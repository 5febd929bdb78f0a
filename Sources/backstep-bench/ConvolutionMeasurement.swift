import CKernels
import Tensors

/// Convolutions of the sizes networks have, and their two gradients.
enum ConvolutionMeasurement {
  private struct Size {
    let batch, side, channels, filters, border: Int

    var outSide: Int { side + 2 * border - 2 }
    var title: String {
      "\(batch) × \(side)×\(side)×\(channels) → \(outSide)×\(outSide)×\(filters)"
    }
    var flops: Double { Double(2 * batch * outSide * outSide * 9 * channels * filters) }
    /// As `BS_CONV2D` takes them; the kernel is 3 × 3.
    var sizes: [Int64] {
      [
        batch, side, side, channels, 3, 3, filters, 1, 1, border, border, outSide, outSide, 1, 1, 1,
      ].map(Int64.init)
    }
  }

  private static let sizes = [
    Size(batch: 32, side: 8, channels: 1, filters: 16, border: 1),
    Size(batch: 32, side: 4, channels: 16, filters: 32, border: 1),
    Size(batch: 64, side: 28, channels: 1, filters: 32, border: 0),
    Size(batch: 64, side: 13, channels: 32, filters: 64, border: 0),
    Size(batch: 16, side: 32, channels: 64, filters: 64, border: 1),
  ]

  static func run(peak: Peak) {
    print("\nconvolutions with kernels of 3 × 3, median of 7 runs; shares of one core's peak")
    for size in sizes {
      let (x, y) = (
        size.batch * size.side * size.side * size.channels,
        size.batch * size.outSide * size.outSide * size.filters
      )
      let kernel = 9 * size.channels * size.filters
      let counts = [x, kernel, y, Int(bs_conv2d_scratch(size.sizes))]
      let arena = Arena(count: counts.reduce(0) { $0 + ($1 + 15) / 16 * 16 } + 16)
      for i in 0..<arena.count { arena.base[i] = Float(i % 7) * 0.25 - 0.75 }
      var places: [UnsafeMutablePointer<Float>] = []
      var next = arena.base
      for count in counts {
        places.append(next)
        next += (count + 15) / 16 * 16
      }
      let rates = [
        rate(.conv2D, size, [places[0], places[1], places[2], places[3]]),
        rate(.conv2DInputGradient, size, [places[2], places[1], places[0], places[3]]),
        rate(.conv2DKernelGradient, size, [places[0], places[2], places[1], places[3]]),
      ]
      let shares = zip(["forward", "inputs", "kernel"], rates).map {
        padded(
          "\($0) \(shown($1 / 1e9, 0)) GFLOP/s, \(shown($1 / peak.flopsPerSecond * 100)) %", 32)
      }
      print(padded(size.title, 36) + shares.joined())
    }
  }

  private static func rate(
    _ kernel: Kernel, _ size: Size, _ buffers: [UnsafeMutablePointer<Float>]
  ) -> Double {
    var call = bs_call()
    (call.p.0, call.p.1, call.p.2, call.p.3) = (buffers[0], buffers[1], buffers[2], buffers[3])
    withUnsafeMutableBytes(of: &call.n) {
      $0.copyBytes(from: size.sizes.withUnsafeBytes { Array($0) })
    }
    let function = kernel.function
    let repeats = max(1, Int(1e9 / size.flops / 10))
    let seconds = (0..<8).map { _ in
      processorSeconds { for _ in 0..<repeats { function(&call) } }
    }
    return size.flops * Double(repeats) / Figures(values: Array(seconds.dropFirst())).median
  }
}
