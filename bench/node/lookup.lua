-- POST /v1/lookup of one random print, another each time; with PRINTS, /v1/match of a message of so
-- many. With PAUSE, each connection waits so many milliseconds before the next.
local n = tonumber(os.getenv("PRINTS") or "1")
math.randomseed(os.time())

local function print_bytes()
    local bytes = {}
    for i = 1, 32 do
        bytes[i] = string.char(math.random(0, 255))
    end
    return table.concat(bytes)
end

local function u32(v)
    return string.char(v % 256, math.floor(v / 256) % 256, math.floor(v / 65536) % 256, 0)
end

-- a sequence of version 2 with one whole print: tag 1 + 2 + 8 + 16, kind, front end, quality, x, y, size
local function sequence()
    return "LKSQ\2\1\0\0" .. u32(1) .. u32(0) .. "\27\1\1\100\128\128\255" .. print_bytes()
end

local bodies = {}
for i = 1, n == 1 and 4096 or 8 do
    if n == 1 then
        bodies[i] = print_bytes()
    else
        local parts = {"LKSM\1\0\0\0" .. u32(n)}
        for k = 1, n do
            parts[k + 1] = sequence()
        end
        bodies[i] = table.concat(parts)
    end
end

local headers = {
    ["Content-Type"] = n == 1 and "application/octet-stream" or "application/vnd.likeness.sequences",
    ["Accept"] = "application/vnd.likeness.matches",
}
local at = 0

request = function()
    at = at % #bodies + 1
    return wrk.format("POST", n == 1 and "/v1/lookup" or "/v1/match", headers, bodies[at])
end

if os.getenv("PAUSE") then
    local pause = tonumber(os.getenv("PAUSE"))
    delay = function()
        return pause
    end
end
