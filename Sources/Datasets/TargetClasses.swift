// One rule says for every kind of file which targets are classes.

/// The classes of targets that are words, in alphabetical order.
func classes(ofWords words: [String]) -> [String] { Set(words).sorted() }

/// The classes of targets that are numbers, or nil when the targets are to be predicted as numbers.
///
/// Whole numbers 0, 1, … k-1 that all appear are classes; any other numbers would have to be changed
/// to become class numbers, which is not for a reader of files to do.
func classes(ofNumbers numbers: [Float]) -> [String]? {
  let most = 100
  var distinct: Set<Float> = []
  for number in numbers where distinct.count <= most { distinct.insert(number) }
  guard distinct.count >= 2 && distinct.count <= most else { return nil }
  let isFull = (0..<distinct.count).allSatisfy { distinct.contains(Float($0)) }
  return isFull ? (0..<distinct.count).map(String.init) : nil
}
