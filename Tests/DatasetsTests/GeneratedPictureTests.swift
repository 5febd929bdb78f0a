import Tensors
import Testing

@testable import Datasets

@Suite("Generated pictures and signals")
struct GeneratedPictureTests {
  private static let library = DatasetLibrary()

  @Test("the box of a glyph is the smallest around its ink")
  func boxes() throws {
    let dataset = try Self.library.load("glyphs", settings: ["noise": 0])
    #expect(dataset.targets.shape == [1000, 8])
    var kinds = [0, 0, 0, 0]
    for row in 0..<dataset.count {
      let picture = Array(dataset.example(row))
      let ink = picture.indices.filter { picture[$0] > 0 }
      let (across, down) = (ink.map { $0 % 24 }, ink.map { $0 / 24 })
      func span(_ pixels: [Int]) -> (middle: Float, size: Float) {
        let (low, high) = (pixels.min() ?? 0, pixels.max() ?? 0)
        return (Float(low + high + 1) / 48, Float(high + 1 - low) / 24)
      }
      let target = (0..<8).map { dataset.targets[row, $0] }
      let box = [span(across).middle, span(down).middle, span(across).size, span(down).size]
      #expect(zip(box, target).allSatisfy { abs($0 - $1) < 1e-6 }, "example \(row)")
      #expect(target[4...].reduce(0, +) == 1)
      kinds[try #require(target[4...].firstIndex(of: 1)) - 4] += 1
    }
    #expect(kinds == [250, 250, 250, 250])
  }

  @Test("the four glyphs are four pictures at one place and size")
  func glyphs() throws {
    let dataset = try Self.library.load("glyphs", settings: ["noise": 0, "examples": 2000])
    var shapes: [[Float]: Set<[Bool]>] = [:]
    for row in 0..<dataset.count {
      let target = (0..<8).map { dataset.targets[row, $0] }
      guard target[2] > 0.5 else { continue }
      shapes[target, default: []].insert(dataset.example(row).map { $0 > 0 })
    }
    // A box and a kind have one picture.
    #expect(shapes.values.allSatisfy { $0.count == 1 })
    #expect(Set(shapes.values.flatMap { $0 }).count == shapes.count)
  }

  @Test("a rising tone rises, a falling one falls, a steady one stays, a trill has two pitches")
  func tones() throws {
    let dataset = try Self.library.load("tones", settings: ["noise": 0])
    #expect(dataset.classCounts == [150, 150, 150, 150])
    for row in 0..<dataset.count {
      let picture = Array(dataset.example(row))
      // The loudest band of each frame, counted from below.
      let pitches = (0..<24).map { frame -> Int in
        let strengths = stride(from: frame, to: 14 * 24, by: 24).map { picture[$0] }
        return 13 - (strengths.firstIndex(of: strengths.max() ?? 0) ?? 0)
      }
      let rise = pitches[23] - pitches[0]
      let leaps = zip(pitches, pitches.dropFirst()).count { abs($0 - $1) > 1 }
      switch dataset.answer(row) {
      case "steady": #expect(abs(rise) <= 1 && leaps == 0)
      case "rising": #expect(rise >= 3 && leaps == 0)
      case "falling": #expect(rise <= -3 && leaps == 0)
      default: #expect(leaps >= 4)
      }
    }
  }

  @Test("a pure tone in the middle of a band has the strength its amplitude says")
  func wave() {
    for k in 0..<1000 {
      let turns = Double(k) / 250 - 2
      #expect(abs(Wave.sine(turns) - sine(turns)) < 1e-10)
    }
    #expect(Wave.sine(0.25) == Wave.cosine(0) && Wave.sine(0) == 0)
  }

  /// By the addition theorem from a small angle, apart from the series in use.
  private func sine(_ turns: Double) -> Double {
    let x = 2 * Double.pi * (turns - turns.rounded()) / 1024
    // sin x = x - x³/6 + …, ten times doubled: sin 2x = 2 sin x cos x.
    var (s, c) = (x - x * x * x / 6 + x * x * x * x * x / 120, 1 - x * x / 2 + x * x * x * x / 24)
    for _ in 0..<10 { (s, c) = (2 * s * c, c * c - s * s) }
    return s
  }

  @Test("growths are brighter than what is around them, and every scan has one")
  func scans() throws {
    let dataset = try Self.library.load("phantom-scans")
    #expect(dataset.targets.shape == [400, 32, 32, 1] && dataset.classNumbers == nil)
    var share: Float = 0
    for row in 0..<dataset.count {
      let scan = Array(dataset.example(row))
      let mask = dataset.targets.scalars[row * 1024..<(row + 1) * 1024]
      let growth = zip(scan, mask).filter { $0.1 == 1 }.map(\.0)
      #expect(growth.count >= 5 && growth.count < 256)
      #expect(growth.reduce(0, +) / Float(growth.count) > 0.55)
      share += Float(growth.count) / 1024 / 400
    }
    #expect(share > 0.02 && share < 0.15)
  }

  @Test("faults are planted: a stuck sensor stands still, a spike leaps, a drift goes away")
  func sensors() throws {
    let dataset = try Self.library.load("sensors", settings: ["noise": 0.05])
    #expect(dataset.classCounts == [200, 200, 200, 200])
    for row in 0..<dataset.count {
      let tracks = (0..<3).map { sensor in (0..<48).map { dataset.inputs[row, $0, sensor] } }
      let isStuck = tracks.contains { Set($0.suffix(20)).count == 1 }
      #expect(isStuck == (dataset.answer(row) == "stuck"))
      let leaps = tracks.map { track -> Float in
        let distances = (1..<47).map { place -> Float in
          let around = (track[place - 1] + track[place + 1]) / 2
          return abs(track[place] - around)
        }
        return distances.max() ?? 0
      }
      #expect(((leaps.max() ?? 0) > 1.9) == (dataset.answer(row) == "spike"))
    }
  }
}
