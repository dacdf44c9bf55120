#include "../cmocka_all.h"

#include "sys/address.h"

static const struct {
    const char *text;
    enum address_kind kind;
} known[] = {
    {"1.1.1.1", ADDRESS_PUBLIC},
    {"0.0.0.0", ADDRESS_NOWHERE},
    {"0.255.255.255", ADDRESS_NOWHERE},
    {"1.0.0.0", ADDRESS_PUBLIC},
    {"9.255.255.255", ADDRESS_PUBLIC},
    {"10.0.0.0", ADDRESS_PRIVATE},
    {"10.255.255.255", ADDRESS_PRIVATE},
    {"11.0.0.0", ADDRESS_PUBLIC},
    {"100.63.255.255", ADDRESS_PUBLIC},
    {"100.64.0.0", ADDRESS_SHARED},
    {"100.127.255.255", ADDRESS_SHARED},
    {"100.128.0.0", ADDRESS_PUBLIC},
    {"126.255.255.255", ADDRESS_PUBLIC},
    {"127.0.0.1", ADDRESS_LOOPBACK},
    {"127.255.255.255", ADDRESS_LOOPBACK},
    {"128.0.0.0", ADDRESS_PUBLIC},
    {"169.253.255.255", ADDRESS_PUBLIC},
    {"169.254.169.254", ADDRESS_LINK_LOCAL},
    {"169.255.0.0", ADDRESS_PUBLIC},
    {"172.15.255.255", ADDRESS_PUBLIC},
    {"172.16.0.0", ADDRESS_PRIVATE},
    {"172.31.255.255", ADDRESS_PRIVATE},
    {"172.32.0.0", ADDRESS_PUBLIC},
    {"192.0.0.170", ADDRESS_RESERVED},
    {"192.0.1.0", ADDRESS_PUBLIC},
    {"192.0.2.1", ADDRESS_DOCUMENTATION},
    {"192.0.3.0", ADDRESS_PUBLIC},
    {"192.88.99.1", ADDRESS_RESERVED},
    {"192.167.255.255", ADDRESS_PUBLIC},
    {"192.168.0.0", ADDRESS_PRIVATE},
    {"192.168.255.255", ADDRESS_PRIVATE},
    {"192.169.0.0", ADDRESS_PUBLIC},
    {"198.17.255.255", ADDRESS_PUBLIC},
    {"198.18.0.0", ADDRESS_BENCHMARK},
    {"198.19.255.255", ADDRESS_BENCHMARK},
    {"198.20.0.0", ADDRESS_PUBLIC},
    {"198.51.100.7", ADDRESS_DOCUMENTATION},
    {"203.0.113.9", ADDRESS_DOCUMENTATION},
    {"223.255.255.255", ADDRESS_PUBLIC},
    {"224.0.0.1", ADDRESS_MULTICAST},
    {"239.255.255.255", ADDRESS_MULTICAST},
    {"240.0.0.1", ADDRESS_RESERVED},
    {"255.255.255.255", ADDRESS_RESERVED},
    {"::", ADDRESS_NOWHERE},
    {"::1", ADDRESS_LOOPBACK},
    {"[::1]", ADDRESS_LOOPBACK},
    {"::2", ADDRESS_RESERVED},
    {"::127.0.0.1", ADDRESS_RESERVED},
    {"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
    {"::ffff:10.1.2.3", ADDRESS_PRIVATE},
    {"::ffff:1.1.1.1", ADDRESS_PUBLIC},
    {"::ffff:0:192.168.0.1", ADDRESS_PRIVATE},
    {"64:ff9b::a9fe:a9fe", ADDRESS_LINK_LOCAL},
    {"64:ff9b::8.8.8.8", ADDRESS_PUBLIC},
    {"64:ff9b:1::1", ADDRESS_PRIVATE},
    {"2002:7f00:1::", ADDRESS_LOOPBACK},
    {"2002:c0a8:101::1", ADDRESS_PRIVATE},
    {"2002:808:808::1", ADDRESS_PUBLIC},
    {"2001::1", ADDRESS_RESERVED},
    {"2001:0:7f00:1::", ADDRESS_RESERVED},
    {"2001:2::1", ADDRESS_RESERVED},
    {"2001:1ff:ffff::", ADDRESS_RESERVED},
    {"2001:200::", ADDRESS_PUBLIC},
    {"2001:db7::1", ADDRESS_PUBLIC},
    {"2001:db8::1", ADDRESS_DOCUMENTATION},
    {"2606:4700:4700::1111", ADDRESS_PUBLIC},
    {"3fff:fff:ffff::", ADDRESS_DOCUMENTATION},
    {"3fff:1000::", ADDRESS_PUBLIC},
    {"4000::", ADDRESS_RESERVED},
    {"100::1", ADDRESS_RESERVED},
    {"5f00::1", ADDRESS_RESERVED},
    {"fbff::1", ADDRESS_RESERVED},
    {"fc00::1", ADDRESS_PRIVATE},
    {"fdff:ffff::1", ADDRESS_PRIVATE},
    {"fe80::1", ADDRESS_LINK_LOCAL},
    {"febf::1", ADDRESS_LINK_LOCAL},
    {"fec0::1", ADDRESS_RESERVED},
    {"ff02::1", ADDRESS_MULTICAST},
};

static void the_first_and_the_last_of_every_range_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        enum address_kind kind = ADDRESS_PUBLIC;
        if (!address_parse(known[i].text, &kind) || kind != known[i].kind)
            fail_msg("%s is %d, not %d", known[i].text, (int)kind, (int)known[i].kind);
    }
}

static void a_name_is_no_address(void **state)
{
    static const char *const names[] = {
        "",       "localhost", "1.2.3",      "[1.2.3.4]", "[]",        "[::1",    "::1]",
        "0x7f.1", "1.2.3.4.5", "fe80::1%lo", "[[::1]]",   "a.example", "1.2.3.4 "};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum address_kind kind = ADDRESS_PUBLIC;
        assert_false(address_parse(names[i], &kind));
    }
}

static void an_ipv4_address_stays_what_it_is_however_ipv6_carries_it(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 65536; i++) {
        uint8_t v4[4] = {(uint8_t)(i >> 8), (uint8_t)i, (uint8_t)(i * 31), 1};
        uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff, [12] = v4[0], v4[1], v4[2], v4[3]};
        uint8_t six[16] = {0x20, 0x02, v4[0], v4[1], v4[2], v4[3]};
        assert_int_equal(address_kind_v6(mapped), address_kind_v4(v4));
        assert_int_equal(address_kind_v6(six), address_kind_v4(v4));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_and_the_last_of_every_range_are_known),
        cmocka_unit_test(a_name_is_no_address),
        cmocka_unit_test(an_ipv4_address_stays_what_it_is_however_ipv6_carries_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
