import FileFormats
import Foundation
import Tensors
import Testing

/// A file that another program wrote, and the numbers that program reads in it;
/// `Tests/Reference/export_media.py` made them.
private func media(_ name: String) throws -> (bytes: [UInt8], numbers: NumPyArray) {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Reference/Media")
  let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
  let numbers = [UInt8](try Data(contentsOf: folder.appending(path: name + ".npy")))
  return (bytes, try NumPyFile.read(numbers, file: name))
}

@Suite("Pictures, sound, sequences and MNIST's arrays")
struct MediaTests {
  static let pictureFiles = [
    "gray.png", "color.png", "palette.png", "bits.png", "opaque.png", "gray.pgm", "color.ppm",
    "written.pgm",
  ]
  static let arrayFiles = ["u1.idx", "u1.idx.gz", "i1.idx", "i2.idx", "i4.idx", "f4.idx", "f8.idx"]
  static let soundFiles = ["pcm8.wav", "pcm16.wav", "pcm24.wav", "pcm32.wav", "f4.wav", "f8.wav"]

  @Test("pictures have the pixels that Pillow reads", arguments: pictureFiles)
  func pictures(name: String) throws {
    let (bytes, expected) = try media(name)
    let raster = try Raster(parsing: bytes, file: name)
    #expect([raster.height, raster.width, raster.channels] == expected.shape.extents)
    #expect(raster.pixels.map { Double($0) } == expected.scalars)
  }

  @Test("arrays have the numbers that NumPy wrote", arguments: arrayFiles)
  func arrays(name: String) throws {
    let (bytes, expected) = try media(name)
    let array = try IDXFile.read(bytes, file: name)
    #expect(array == expected.tensor)
  }

  @Test("sound has the numbers that Python's libraries wrote", arguments: soundFiles)
  func sounds(name: String) throws {
    let (bytes, expected) = try media(name)
    let sound = try WAVFile(parsing: bytes, file: name)
    #expect([sound.frameCount, sound.channels] == expected.shape.extents)
    #expect(sound.rate == (name.hasPrefix("f") ? 44_100 : 8000))
    #expect(zip(sound.samples, expected.scalars).allSatisfy { abs(Double($0) - $1) < 1e-7 })
    #expect(sound.mono.count == 11)
    #expect(abs(sound.mono[3] - (sound.samples[6] + sound.samples[7]) / 2) < 1e-7)
  }

  @Test("sequences have headings and capital letters, line ends of any kind")
  func fasta() throws {
    let text = ">one first\r\nACGT\r\nacg n\r\n>two\n\nMK-*\n"
    let file = try FASTAFile(parsing: Array(text.utf8), file: "x.fa")
    #expect(file.records.map(\.heading) == ["one first", "two"])
    #expect(
      file.records.map { String(decoding: $0.letters, as: UTF8.self) } == ["ACGTACGN", "MK-*"])
    #expect(file.records.map(\.line) == [1, 4])
  }

  @Test(
    "sequences that are none are refused by line",
    arguments: [
      ("", "x.fa"), ("ACGT\n", "x.fa:1"), (">a\n>b\nAC\n", "x.fa:1"), (">a\nAC\nA1\n", "x.fa:3"),
      (">a\n", "x.fa:1"),
    ])
  func fastaRefusals(text: String, place: String) {
    let failure = #expect(throws: FileFailure.self) {
      try FASTAFile(parsing: Array(text.utf8), file: "x.fa")
    }
    #expect(failure?.place == place)
  }

  @Test("a small packed file that unpacks to a large one is refused, a cut one too")
  func gzip() throws {
    let (bytes, _) = try media("u1.idx.gz")
    let plain = try Gzip.unpacked(bytes, file: "a.gz")
    #expect(plain.count == 40)
    #expect(try Gzip.unpacked(bytes + bytes, file: "a.gz") == plain + plain)
    for (bytes, limit) in [(bytes, 39), (Array(bytes.dropLast(9)), 1000), ([0x1F, 0x8B], 1000)] {
      #expect(throws: FileFailure.self) {
        try Gzip.unpacked(bytes, file: "a.gz", limit: limit)
      }
    }
  }

  @Test(
    "sizes that no file has are refused without asking for their memory",
    arguments: [
      "P5 99999999 99999999 255\n", "P5 1 1 0\n1", "P5 4 4 255\n12", "P2 60000 1000 255 1",
      "P9 1 1",
      "P", "P6", "P5 99999999999999999999 1 255 1",
    ])
  func huge(text: String) {
    #expect(throws: FileFailure.self) { try Raster(parsing: Array(text.utf8), file: "x.pgm") }
    let idx: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)
    #expect(throws: FileFailure.self) { try IDXFile.read(idx, file: "x") }
  }

  @Test("no bytes crash the readers", arguments: pictureFiles + arrayFiles + soundFiles)
  func fuzz(name: String) throws {
    let (bytes, _) = try media(name)
    for round in 0..<fuzzRounds {
      let bytes = mutated(bytes, round: round)
      do throws(FileFailure) {
        if name.hasSuffix(".wav") {
          let sound = try WAVFile(parsing: bytes, file: name)
          #expect(sound.samples.allSatisfy { $0.isFinite })
        } else if name.contains(".idx") {
          _ = try IDXFile.read(bytes, file: name)
        } else {
          let raster = try Raster(parsing: bytes, file: name)
          #expect(raster.pixels.count == raster.width * raster.height * raster.channels)
        }
      } catch {
        #expect(error.place.hasPrefix(name) && !error.right.isEmpty)
      }
    }
  }

  @Test("no bytes crash the reader of sequences")
  func fuzzSequences() {
    let bytes = Array(">one\nACGTACGT\nACG\n>two\nACCA\n".utf8)
    for round in 0..<fuzzRounds {
      do throws(FileFailure) {
        let file = try FASTAFile(parsing: mutated(bytes, round: round), file: "x.fa")
        #expect(file.records.allSatisfy { !$0.letters.isEmpty })
      } catch {
        #expect(error.place.hasPrefix("x.fa"))
      }
    }
  }
}
