// The kernels for any processor of this kind, where multiply-add rounds twice.
#include "tier.h"

#if defined(__x86_64__)
#define TIER base
#define WIDTH 4
#define ROWS 6
#define FUSED 0
#include "tier.inc.h"
#endif
