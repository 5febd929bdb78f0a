// The shapes that files claim are multiplied in one place, because they can claim anything.

/// The number of elements of a shape read from a file, or nil when no memory could hold it.
///
/// The extents of an empty array are multiplied too, because its strides are taken later.
func elementCount(of extents: [Int]) -> Int? {
  var count = 1
  for extent in extents {
    let (product, overflows) = count.multipliedReportingOverflow(by: max(1, extent))
    guard extent >= 0 && !overflows else { return nil }
    count = product
  }
  return extents.contains(0) ? 0 : count
}
