-- POST /v1/match with random prints, PRINTS (1) a request: no match, as nearly every query of a
-- platform.
local bodies, at = {}, 0
local prints = tonumber(os.getenv("PRINTS") or "1")

local function a_print() -- half of the bits set, as in a healthy one
    local hex = {}
    for k = 1, 32 do
        local digit = math.random(0, 15)
        hex[2 * k - 1], hex[2 * k] = string.format("%x", digit), string.format("%x", 15 - digit)
    end
    return '"' .. table.concat(hex) .. '"'
end

function init(args)
    math.randomseed(1)
    for i = 1, math.max(8, 4096 / prints) do
        local list = {}
        for k = 1, prints do
            list[k] = a_print()
        end
        bodies[i] = '{"prints":[' .. table.concat(list, ",") .. "]}"
    end
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    at = at % #bodies + 1
    return wrk.format("POST", "/v1/match", nil, bodies[at])
end
