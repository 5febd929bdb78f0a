import CKernels
import Tensors

/// Matrix products C = A · B of the sizes networks have.
enum ProductMeasurement {
  private static let sizes = [
    (8, 8, 8), (32, 64, 64), (64, 128, 128), (32, 512, 128), (256, 256, 256), (512, 512, 512),
  ]

  static func run(peak: Peak) {
    print("\nmatrix products M × N × K, median of 7 runs")
    for (m, n, k) in sizes {
      let arena = Arena(count: m * k + k * n + m * n + 64)
      for i in 0..<arena.count { arena.base[i] = Float(i % 7) * 0.25 - 0.75 }
      var call = bs_call()
      call.p.0 = arena.base
      call.p.1 = arena.base + (m * k + 15) / 16 * 16
      call.p.2 = arena.base + (m * k + 15) / 16 * 16 + (k * n + 15) / 16 * 16
      (call.n.0, call.n.1, call.n.2) = (Int64(m), Int64(n), Int64(k))
      (call.n.4, call.n.5, call.n.6) = (Int64(k), Int64(n), Int64(n))
      let flops = Double(2 * m * n * k)
      let repeats = max(1, Int(2e9 / flops / 10))
      let kernel = Kernel.matMul.function
      let figures = Figures.seconds { for _ in 0..<repeats { kernel(&call) } }
      let rate = flops * Double(repeats) / figures.median
      print(
        padded("\(m) × \(n) × \(k)", 22) + padded("\(shown(rate / 1e9, 0)) GFLOP/s", 16)
          + "\(shown(rate / peak.flopsPerSecond * 100)) % of the peak")
    }
  }
}
