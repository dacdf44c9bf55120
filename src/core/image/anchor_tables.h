/* Made by tools/anchor_tables.py: the constants of anchored prints. */
#ifndef CORE_IMAGE_ANCHOR_TABLES_H
#define CORE_IMAGE_ANCHOR_TABLES_H

#include <stdint.h>

/* clang-format off */
enum { ANCHOR_MAX_BLUR = 8, ANCHOR_N_BLURS = 7 };

/* From the picture to the first level, then from each level to the next: radius, and half the
 * kernel from its middle outwards. */
static const uint8_t anchor_blur_radius[7] = {
    5, 4, 4, 5, 6, 7, 8,
};
static const float anchor_blur[7][9] = {
    {0x1.0cd8a8p-2f, 0x1.b10afcp-3f, 0x1.c46e1cp-4f, 0x1.329876p-5f, 0x1.0d872ap-7f, 0x1.335f7ap-10f},
    {0x1.8cb778p-2f, 0x1.ef2434p-3f, 0x1.e15546p-5f, 0x1.6c7174p-8f, 0x1.add83ep-13f},
    {0x1.4da62ep-2f, 0x1.de195ap-3f, 0x1.5facc6p-4f, 0x1.0993bap-6f, 0x1.9bcf02p-10f},
    {0x1.188d76p-2f, 0x1.bb414ap-3f, 0x1.b507dap-4f, 0x1.0ce61cp-5f, 0x1.9cfebap-8f, 0x1.8bd7p-11f},
    {0x1.d7d7acp-3f, 0x1.8f638cp-3f, 0x1.e46bb4p-4f, 0x1.a4f75ep-5f, 0x1.061a04p-6f, 0x1.d3ae6ap-9f, 0x1.2af32p-11f},
    {0x1.8cced2p-3f, 0x1.60aef2p-3f, 0x1.ef415ap-4f, 0x1.12b23ap-4f, 0x1.e1719cp-6f, 0x1.4d4962p-7f, 0x1.6c86e8p-9f, 0x1.3af4eap-11f},
    {0x1.4dc10ep-3f, 0x1.330fep-3f, 0x1.de3fdap-4f, 0x1.3b3f62p-4f, 0x1.5fc918p-5f, 0x1.4c4778p-6f, 0x1.09a91ep-7f, 0x1.679138p-9f, 0x1.9bf02cp-11f},
};

/* Blur of each level of the first octave, in its pixels. */
static const float anchor_level_sigma[7] = {
    0x1.99999ap+0f, 0x1.e71968p+0f, 0x1.21a186p+1f, 0x1.586e62p+1f, 0x1.99999ap+1f, 0x1.e71968p+1f, 0x1.21a186p+2f,
};

/* Cosines under the window, frequency by frequency, and their means under it. */
static const _Alignas(64) float anchor_basis[9][32] = {
    {0x1.39754ap-3f, 0x1.8c3f8cp-3f, 0x1.ed238ep-3f, 0x1.2e1a6cp-2f, 0x1.6c67fp-2f, 0x1.b0be2cp-2f, 0x1.f9ed7ap-2f, 0x1.2328dap-1f, 0x1.49ed52p-1f, 0x1.700f68p-1f, 0x1.943c2cp-1f, 0x1.b51512p-1f, 0x1.d1458ep-1f, 0x1.e799bcp-1f, 0x1.f71422p-1f, 0x1.ff004p-1f, 0x1.ff004p-1f, 0x1.f71422p-1f, 0x1.e799bcp-1f, 0x1.d1458ep-1f, 0x1.b51512p-1f, 0x1.943c2cp-1f, 0x1.700f68p-1f, 0x1.49ed52p-1f, 0x1.2328dap-1f, 0x1.f9ed7ap-2f, 0x1.b0be2cp-2f, 0x1.6c67fp-2f, 0x1.2e1a6cp-2f, 0x1.ed238ep-3f, 0x1.8c3f8cp-3f, 0x1.39754ap-3f},
    {0x1.3914ap-3f, 0x1.87f59ep-3f, 0x1.de5c32p-3f, 0x1.1c7188p-2f, 0x1.496b4cp-2f, 0x1.732d0ap-2f, 0x1.965d6ap-2f, 0x1.af7854p-2f, 0x1.bb2182p-2f, 0x1.b681a4p-2f, 0x1.9fa2fep-2f, 0x1.75c0e6p-2f, 0x1.397d9ap-2f, 0x1.d9e8b8p-3f, 0x1.274494p-3f, 0x1.912d96p-5f, -0x1.912d96p-5f, -0x1.274494p-3f, -0x1.d9e8b8p-3f, -0x1.397d9ap-2f, -0x1.75c0e6p-2f, -0x1.9fa2fep-2f, -0x1.b681a4p-2f, -0x1.bb2182p-2f, -0x1.af7854p-2f, -0x1.965d6ap-2f, -0x1.732d0ap-2f, -0x1.496b4cp-2f, -0x1.1c7188p-2f, -0x1.de5c32p-3f, -0x1.87f59ep-3f, -0x1.3914ap-3f},
    {0x1.37f2e2p-3f, 0x1.7b2f98p-3f, 0x1.b2e8ep-3f, 0x1.d30edp-3f, 0x1.ce5a7cp-3f, 0x1.97fcb6p-3f, 0x1.25b9e2p-3f, 0x1.c89e3ap-5f, -0x1.02b542p-4f, -0x1.ab5e72p-3f, -0x1.7d1c34p-2f, -0x1.154836p-1f, -0x1.67a8eep-1f, -0x1.ae0678p-1f, -0x1.e16a8ep-1f, -0x1.fc8a56p-1f, -0x1.fc8a56p-1f, -0x1.e16a8ep-1f, -0x1.ae0678p-1f, -0x1.67a8eep-1f, -0x1.154836p-1f, -0x1.7d1c34p-2f, -0x1.ab5e72p-3f, -0x1.02b542p-4f, 0x1.c89e3ap-5f, 0x1.25b9e2p-3f, 0x1.97fcb6p-3f, 0x1.ce5a7cp-3f, 0x1.d30edp-3f, 0x1.b2e8ep-3f, 0x1.7b2f98p-3f, 0x1.37f2e2p-3f},
    {0x1.3610cp-3f, 0x1.663444p-3f, 0x1.6d644ep-3f, 0x1.369fcap-3f, 0x1.622c7cp-4f, -0x1.53bd2cp-6f, -0x1.54e24p-3f, -0x1.5ae31ap-2f, -0x1.08fff8p-1f, -0x1.5a8b7ep-1f, -0x1.93bf86p-1f, -0x1.a7fbc6p-1f, -0x1.8f13acp-1f, -0x1.4773d8p-1f, -0x1.ae300cp-2f, -0x1.2beaecp-3f, 0x1.2beaecp-3f, 0x1.ae300cp-2f, 0x1.4773d8p-1f, 0x1.8f13acp-1f, 0x1.a7fbc6p-1f, 0x1.93bf86p-1f, 0x1.5a8b7ep-1f, 0x1.08fff8p-1f, 0x1.5ae31ap-2f, 0x1.54e24p-3f, 0x1.53bd2cp-6f, -0x1.622c7cp-4f, -0x1.369fcap-3f, -0x1.6d644ep-3f, -0x1.663444p-3f, -0x1.3610cp-3f},
    {0x1.336f66p-3f, 0x1.4977e6p-3f, 0x1.11f92ap-3f, 0x1.d77fd2p-5f, -0x1.1c5e4cp-4f, -0x1.e0d68ep-3f, -0x1.a4a9dap-2f, -0x1.1d90a6p-1f, -0x1.43966cp-1f, -0x1.3207e6p-1f, -0x1.c12974p-2f, -0x1.551504p-3f, 0x1.6b147cp-3f, 0x1.0ee576p-1f, 0x1.a24b6cp-1f, 0x1.f52ea6p-1f, 0x1.f52ea6p-1f, 0x1.a24b6cp-1f, 0x1.0ee576p-1f, 0x1.6b147cp-3f, -0x1.551504p-3f, -0x1.c12974p-2f, -0x1.3207e6p-1f, -0x1.43966cp-1f, -0x1.1d90a6p-1f, -0x1.a4a9dap-2f, -0x1.e0d68ep-3f, -0x1.1c5e4cp-4f, 0x1.d77fd2p-5f, 0x1.11f92ap-3f, 0x1.4977e6p-3f, 0x1.336f66p-3f},
    {0x1.30107p-3f, 0x1.2599cp-3f, 0x1.4c4458p-4f, -0x1.629f3ap-5f, -0x1.b2272p-3f, -0x1.8731e6p-2f, -0x1.f95178p-2f, -0x1.f378c8p-2f, -0x1.533b98p-2f, -0x1.20f52ep-5f, 0x1.59aa5ep-2f, 0x1.5f115ap-1f, 0x1.cc3c5ep-1f, 0x1.cb18eep-1f, 0x1.51d8d2p-1f, 0x1.f0a706p-3f, -0x1.f0a706p-3f, -0x1.51d8d2p-1f, -0x1.cb18eep-1f, -0x1.cc3c5ep-1f, -0x1.5f115ap-1f, -0x1.59aa5ep-2f, 0x1.20f52ep-5f, 0x1.533b98p-2f, 0x1.f378c8p-2f, 0x1.f95178p-2f, 0x1.8731e6p-2f, 0x1.b2272p-3f, 0x1.629f3ap-5f, -0x1.4c4458p-4f, -0x1.2599cp-3f, -0x1.30107p-3f},
    {0x1.2bf5f4p-3f, 0x1.f6c122p-4f, 0x1.82b042p-6f, -0x1.1cd228p-3f, -0x1.41609ep-2f, -0x1.aea8bap-2f, -0x1.87165ep-2f, -0x1.5213ap-3f, 0x1.7f174ep-3f, 0x1.1c83aep-1f, 0x1.9249dep-1f, 0x1.8178ep-1f, 0x1.b6a7b6p-2f, -0x1.7e587ep-4f, -0x1.3f2654p-1f, -0x1.e8ff58p-1f, -0x1.e8ff58p-1f, -0x1.3f2654p-1f, -0x1.7e587ep-4f, 0x1.b6a7b6p-2f, 0x1.8178ep-1f, 0x1.9249dep-1f, 0x1.1c83aep-1f, 0x1.7f174ep-3f, -0x1.5213ap-3f, -0x1.87165ep-2f, -0x1.aea8bap-2f, -0x1.41609ep-2f, -0x1.1cd228p-3f, 0x1.82b042p-6f, 0x1.f6c122p-4f, 0x1.2bf5f4p-3f},
    {0x1.27227ap-3f, 0x1.976cb2p-4f, -0x1.216f1cp-5f, -0x1.bfaffap-3f, -0x1.6bf792p-2f, -0x1.5b9512p-2f, -0x1.ebb8b8p-4f, 0x1.f1f272p-3f, 0x1.2a402p-1f, 0x1.6507a8p-1f, 0x1.e19ae6p-2f, -0x1.572552p-5f, -0x1.387516p-1f, -0x1.e252bp-1f, -0x1.af8144p-1f, -0x1.584d56p-2f, 0x1.584d56p-2f, 0x1.af8144p-1f, 0x1.e252bp-1f, 0x1.387516p-1f, 0x1.572552p-5f, -0x1.e19ae6p-2f, -0x1.6507a8p-1f, -0x1.2a402p-1f, -0x1.f1f272p-3f, 0x1.ebb8b8p-4f, 0x1.5b9512p-2f, 0x1.6bf792p-2f, 0x1.bfaffap-3f, 0x1.216f1cp-5f, -0x1.976cb2p-4f, -0x1.27227ap-3f},
    {0x1.2198fap-3f, 0x1.2f4678p-4f, -0x1.796ea2p-4f, -0x1.171b62p-2f, -0x1.50aad2p-2f, -0x1.4b35p-3f, 0x1.833864p-3f, 0x1.0cff12p-1f, 0x1.30d016p-1f, 0x1.19b37ap-2f, -0x1.35635cp-2f, -0x1.93cfb8p-1f, -0x1.addaep-1f, -0x1.75317cp-2f, 0x1.810a2cp-2f, 0x1.d81a74p-1f, 0x1.d81a74p-1f, 0x1.810a2cp-2f, -0x1.75317cp-2f, -0x1.addaep-1f, -0x1.93cfb8p-1f, -0x1.35635cp-2f, 0x1.19b37ap-2f, 0x1.30d016p-1f, 0x1.0cff12p-1f, 0x1.833864p-3f, -0x1.4b35p-3f, -0x1.50aad2p-2f, -0x1.171b62p-2f, -0x1.796ea2p-4f, 0x1.2f4678p-4f, 0x1.2198fap-3f},
};
static const float anchor_basis_mean[9] = {
    0x1p+0f, 0x1.6fc01p-54f, -0x1.5cb33cp-2f, -0x1.c6ac4cp-55f, -0x1.60fb3p-7f, 0x1.47a1cep-54f, -0x1.331f9cp-7f, 0x1.26334p-56f, -0x1.616ab2p-8f,
};

/* The same, place by place, without the last frequency. */
static const _Alignas(64) float anchor_basis_across[32][8] = {
    {0x1.39754ap-3f, 0x1.3914ap-3f, 0x1.37f2e2p-3f, 0x1.3610cp-3f, 0x1.336f66p-3f, 0x1.30107p-3f, 0x1.2bf5f4p-3f, 0x1.27227ap-3f},
    {0x1.8c3f8cp-3f, 0x1.87f59ep-3f, 0x1.7b2f98p-3f, 0x1.663444p-3f, 0x1.4977e6p-3f, 0x1.2599cp-3f, 0x1.f6c122p-4f, 0x1.976cb2p-4f},
    {0x1.ed238ep-3f, 0x1.de5c32p-3f, 0x1.b2e8ep-3f, 0x1.6d644ep-3f, 0x1.11f92ap-3f, 0x1.4c4458p-4f, 0x1.82b042p-6f, -0x1.216f1cp-5f},
    {0x1.2e1a6cp-2f, 0x1.1c7188p-2f, 0x1.d30edp-3f, 0x1.369fcap-3f, 0x1.d77fd2p-5f, -0x1.629f3ap-5f, -0x1.1cd228p-3f, -0x1.bfaffap-3f},
    {0x1.6c67fp-2f, 0x1.496b4cp-2f, 0x1.ce5a7cp-3f, 0x1.622c7cp-4f, -0x1.1c5e4cp-4f, -0x1.b2272p-3f, -0x1.41609ep-2f, -0x1.6bf792p-2f},
    {0x1.b0be2cp-2f, 0x1.732d0ap-2f, 0x1.97fcb6p-3f, -0x1.53bd2cp-6f, -0x1.e0d68ep-3f, -0x1.8731e6p-2f, -0x1.aea8bap-2f, -0x1.5b9512p-2f},
    {0x1.f9ed7ap-2f, 0x1.965d6ap-2f, 0x1.25b9e2p-3f, -0x1.54e24p-3f, -0x1.a4a9dap-2f, -0x1.f95178p-2f, -0x1.87165ep-2f, -0x1.ebb8b8p-4f},
    {0x1.2328dap-1f, 0x1.af7854p-2f, 0x1.c89e3ap-5f, -0x1.5ae31ap-2f, -0x1.1d90a6p-1f, -0x1.f378c8p-2f, -0x1.5213ap-3f, 0x1.f1f272p-3f},
    {0x1.49ed52p-1f, 0x1.bb2182p-2f, -0x1.02b542p-4f, -0x1.08fff8p-1f, -0x1.43966cp-1f, -0x1.533b98p-2f, 0x1.7f174ep-3f, 0x1.2a402p-1f},
    {0x1.700f68p-1f, 0x1.b681a4p-2f, -0x1.ab5e72p-3f, -0x1.5a8b7ep-1f, -0x1.3207e6p-1f, -0x1.20f52ep-5f, 0x1.1c83aep-1f, 0x1.6507a8p-1f},
    {0x1.943c2cp-1f, 0x1.9fa2fep-2f, -0x1.7d1c34p-2f, -0x1.93bf86p-1f, -0x1.c12974p-2f, 0x1.59aa5ep-2f, 0x1.9249dep-1f, 0x1.e19ae6p-2f},
    {0x1.b51512p-1f, 0x1.75c0e6p-2f, -0x1.154836p-1f, -0x1.a7fbc6p-1f, -0x1.551504p-3f, 0x1.5f115ap-1f, 0x1.8178ep-1f, -0x1.572552p-5f},
    {0x1.d1458ep-1f, 0x1.397d9ap-2f, -0x1.67a8eep-1f, -0x1.8f13acp-1f, 0x1.6b147cp-3f, 0x1.cc3c5ep-1f, 0x1.b6a7b6p-2f, -0x1.387516p-1f},
    {0x1.e799bcp-1f, 0x1.d9e8b8p-3f, -0x1.ae0678p-1f, -0x1.4773d8p-1f, 0x1.0ee576p-1f, 0x1.cb18eep-1f, -0x1.7e587ep-4f, -0x1.e252bp-1f},
    {0x1.f71422p-1f, 0x1.274494p-3f, -0x1.e16a8ep-1f, -0x1.ae300cp-2f, 0x1.a24b6cp-1f, 0x1.51d8d2p-1f, -0x1.3f2654p-1f, -0x1.af8144p-1f},
    {0x1.ff004p-1f, 0x1.912d96p-5f, -0x1.fc8a56p-1f, -0x1.2beaecp-3f, 0x1.f52ea6p-1f, 0x1.f0a706p-3f, -0x1.e8ff58p-1f, -0x1.584d56p-2f},
    {0x1.ff004p-1f, -0x1.912d96p-5f, -0x1.fc8a56p-1f, 0x1.2beaecp-3f, 0x1.f52ea6p-1f, -0x1.f0a706p-3f, -0x1.e8ff58p-1f, 0x1.584d56p-2f},
    {0x1.f71422p-1f, -0x1.274494p-3f, -0x1.e16a8ep-1f, 0x1.ae300cp-2f, 0x1.a24b6cp-1f, -0x1.51d8d2p-1f, -0x1.3f2654p-1f, 0x1.af8144p-1f},
    {0x1.e799bcp-1f, -0x1.d9e8b8p-3f, -0x1.ae0678p-1f, 0x1.4773d8p-1f, 0x1.0ee576p-1f, -0x1.cb18eep-1f, -0x1.7e587ep-4f, 0x1.e252bp-1f},
    {0x1.d1458ep-1f, -0x1.397d9ap-2f, -0x1.67a8eep-1f, 0x1.8f13acp-1f, 0x1.6b147cp-3f, -0x1.cc3c5ep-1f, 0x1.b6a7b6p-2f, 0x1.387516p-1f},
    {0x1.b51512p-1f, -0x1.75c0e6p-2f, -0x1.154836p-1f, 0x1.a7fbc6p-1f, -0x1.551504p-3f, -0x1.5f115ap-1f, 0x1.8178ep-1f, 0x1.572552p-5f},
    {0x1.943c2cp-1f, -0x1.9fa2fep-2f, -0x1.7d1c34p-2f, 0x1.93bf86p-1f, -0x1.c12974p-2f, -0x1.59aa5ep-2f, 0x1.9249dep-1f, -0x1.e19ae6p-2f},
    {0x1.700f68p-1f, -0x1.b681a4p-2f, -0x1.ab5e72p-3f, 0x1.5a8b7ep-1f, -0x1.3207e6p-1f, 0x1.20f52ep-5f, 0x1.1c83aep-1f, -0x1.6507a8p-1f},
    {0x1.49ed52p-1f, -0x1.bb2182p-2f, -0x1.02b542p-4f, 0x1.08fff8p-1f, -0x1.43966cp-1f, 0x1.533b98p-2f, 0x1.7f174ep-3f, -0x1.2a402p-1f},
    {0x1.2328dap-1f, -0x1.af7854p-2f, 0x1.c89e3ap-5f, 0x1.5ae31ap-2f, -0x1.1d90a6p-1f, 0x1.f378c8p-2f, -0x1.5213ap-3f, -0x1.f1f272p-3f},
    {0x1.f9ed7ap-2f, -0x1.965d6ap-2f, 0x1.25b9e2p-3f, 0x1.54e24p-3f, -0x1.a4a9dap-2f, 0x1.f95178p-2f, -0x1.87165ep-2f, 0x1.ebb8b8p-4f},
    {0x1.b0be2cp-2f, -0x1.732d0ap-2f, 0x1.97fcb6p-3f, 0x1.53bd2cp-6f, -0x1.e0d68ep-3f, 0x1.8731e6p-2f, -0x1.aea8bap-2f, 0x1.5b9512p-2f},
    {0x1.6c67fp-2f, -0x1.496b4cp-2f, 0x1.ce5a7cp-3f, -0x1.622c7cp-4f, -0x1.1c5e4cp-4f, 0x1.b2272p-3f, -0x1.41609ep-2f, 0x1.6bf792p-2f},
    {0x1.2e1a6cp-2f, -0x1.1c7188p-2f, 0x1.d30edp-3f, -0x1.369fcap-3f, 0x1.d77fd2p-5f, 0x1.629f3ap-5f, -0x1.1cd228p-3f, 0x1.bfaffap-3f},
    {0x1.ed238ep-3f, -0x1.de5c32p-3f, 0x1.b2e8ep-3f, -0x1.6d644ep-3f, 0x1.11f92ap-3f, -0x1.4c4458p-4f, 0x1.82b042p-6f, 0x1.216f1cp-5f},
    {0x1.8c3f8cp-3f, -0x1.87f59ep-3f, 0x1.7b2f98p-3f, -0x1.663444p-3f, 0x1.4977e6p-3f, -0x1.2599cp-3f, 0x1.f6c122p-4f, -0x1.976cb2p-4f},
    {0x1.39754ap-3f, -0x1.3914ap-3f, 0x1.37f2e2p-3f, -0x1.3610cp-3f, 0x1.336f66p-3f, -0x1.30107p-3f, 0x1.2bf5f4p-3f, -0x1.27227ap-3f},
};

/* Bit k of a print is coefficient anchor_order[k]: 64 * channel + place. */
static const uint8_t anchor_order[256] = {
    1, 18, 41, 46, 49, 106, 112, 138, 143, 150, 155, 197, 199, 244, 245, 253, 13, 19, 42, 50, 84, 105, 113, 137, 144, 156, 165, 200, 207, 237, 246, 254, 6, 43, 44, 51, 65, 72, 73, 114, 146, 159, 204, 205, 213, 230, 231, 248, 0, 33, 62, 74, 85, 93, 100, 103, 153, 158, 160, 191, 193, 196, 234, 251, 34, 35, 39, 69, 86, 91, 92, 95, 129, 173, 182, 186, 194, 201, 216, 249, 38, 47, 58, 66, 77, 78, 87, 101, 133, 162, 174, 179, 198, 209, 218, 235, 25, 30, 52, 53, 64, 81, 90, 119, 148, 149, 168, 187, 221, 224, 241, 252, 12, 22, 23, 60, 63, 75, 83, 88, 96, 125, 169, 180, 181, 210, 222, 225, 5, 9, 10, 32, 45, 70, 79, 110, 130, 141, 142, 170, 175, 227, 228, 233, 15, 26, 29, 54, 82, 111, 120, 121, 147, 172, 178, 189, 206, 214, 217, 243, 4, 8, 27, 98, 99, 108, 123, 131, 140, 151, 166, 190, 192, 223, 232, 247, 2, 14, 37, 97, 104, 107, 118, 126, 134, 135, 154, 183, 203, 211, 226, 250, 21, 28, 61, 80, 89, 102, 115, 122, 132, 145, 152, 157, 185, 238, 239, 242, 7, 31, 36, 40, 59, 67, 68, 94, 128, 163, 167, 188, 202, 219, 240, 255, 3, 20, 24, 48, 57, 71, 109, 124, 127, 139, 161, 164, 184, 208, 220, 229, 11, 16, 17, 55, 56, 76, 116, 117, 136, 171, 176, 177, 195, 212, 215, 236,
};

/* 2^(i / 40), and the base-2 logarithm of the first sigma, in fortieths. */
static const float anchor_exp2[40] = {
    0x1p+0f, 0x1.04798cp+0f, 0x1.09072p+0f, 0x1.0da912p+0f, 0x1.125fbep+0f, 0x1.172b84p+0f, 0x1.1c0cbep+0f, 0x1.2103dp+0f, 0x1.261118p+0f, 0x1.2b34fcp+0f, 0x1.306fep+0f, 0x1.35c22cp+0f, 0x1.3b2c48p+0f, 0x1.40ae9ep+0f, 0x1.46499ap+0f, 0x1.4bfdaep+0f, 0x1.51cb46p+0f, 0x1.57b2d4p+0f, 0x1.5db4dp+0f, 0x1.63d1aep+0f, 0x1.6a09e6p+0f, 0x1.705df4p+0f, 0x1.76ce52p+0f, 0x1.7d5b8p+0f, 0x1.8406p+0f, 0x1.8ace54p+0f, 0x1.91b502p+0f, 0x1.98ba9p+0f, 0x1.9fdf8cp+0f, 0x1.a7248p+0f, 0x1.ae89fap+0f, 0x1.b6108ep+0f, 0x1.bdb8cep+0f, 0x1.c58352p+0f, 0x1.cd70b4p+0f, 0x1.d5818ep+0f, 0x1.ddb68p+0f, 0x1.e6102cp+0f, 0x1.ee8f34p+0f, 0x1.f73442p+0f,
};
#define ANCHOR_BASE_LOG 0x1.b1f74ep+4f
#define ANCHOR_TURN_COS 0x1.f838b8p-1f
#define ANCHOR_TURN_SIN 0x1.63a1a8p-3f
/* clang-format on */

#endif
