// All kernels of one instruction set: TIER is its name, WIDTH the floats in a register, ROWS the rows
// of a product's block, FUSED whether it has fused multiply-add (0 no, 1 yes, 2 by a detour).

#include "kernels.inc.h"
#include "losses.inc.h"
#include "product.inc.h"
#include "convolution.inc.h"
#include "pictures.inc.h"
#include "shape.inc.h"
#include "evaluate.inc.h"
#include "reduce.inc.h"
#include "table.inc.h"
