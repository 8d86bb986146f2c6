-- 民政业务系统 (a vendor's business system, version 6.2): cases, benefits, payments, shared registers, services.
-- Amounts are yuan, times are Beijing wall-clock times, values are Chinese. Nothing here knows aidwatch.
-- gxsj (更新时间) is when the row last changed; sczt (删除状态) 1 means deleted.

create table t_xzqh (                        -- 行政区划
    qhdm varchar(12) primary key, qhmc varchar(60) not null, jb varchar(4) not null, sjdm varchar(12),
    cxfl varchar(4), qyrq date, tyrq date, gxsj timestamp not null);

create table t_jg (                          -- 机构
    jgbm varchar(20) primary key, jgmc varchar(80) not null, qhdm varchar(12) not null, jglb varchar(10) not null,
    gxsj timestamp not null);

create table t_czy (                         -- 操作员
    gh varchar(20) primary key, jgbm varchar(20) not null, xm varchar(40) not null, sfzh varchar(18),
    gw varchar(10) not null, qrq date, zrq date, gxsj timestamp not null);

create table t_bzbz (                        -- 保障标准
    bzid varchar(40) primary key, qhdm varchar(12) not null, jzlx varchar(20) not null, cxlb varchar(4),
    ybz numeric(12,2) not null, zxrq date not null, gxsj timestamp not null);

create table t_dc (                          -- 分档
    dcid varchar(40) primary key, qhdm varchar(12) not null, jzlx varchar(20) not null, dcmc varchar(40) not null,
    ybz numeric(12,2) not null, zxrq date not null, gxsj timestamp not null);

create table t_ry (                          -- 人员
    rybh varchar(20) primary key, zjlx varchar(20) not null, sfzh varchar(18), xm varchar(40) not null,
    xb varchar(2), csrq date, hjqh varchar(12), jzqh varchar(12), sjh varchar(20),
    cjlb varchar(4), cjdj varchar(4), cjyxq date, sczt smallint not null default 0, gxsj timestamp not null);
create index on t_ry (sfzh);

create table t_qs (                          -- 亲属关系
    qsbh varchar(20) primary key, rybh varchar(20) not null, gxrbh varchar(20) not null, gx varchar(10) not null,
    gxsj timestamp not null);

create table t_jt (                          -- 家庭
    jtbh varchar(20) primary key, qhdm varchar(12) not null, hzbh varchar(20) not null, dz varchar(200),
    cxlb varchar(4) not null, jd numeric(9,6), wd numeric(9,6), gxsj timestamp not null);

create table t_jtcy (                        -- 家庭成员
    cybh varchar(20) primary key, jtbh varchar(20) not null, rybh varchar(20) not null, yhzgx varchar(10),
    bzrk varchar(2) not null, qsrq date, zzrq date, sczt smallint not null default 0, gxsj timestamp not null);
create index on t_jtcy (jtbh);
create index on t_jtcy (rybh);

create table t_jz_sq (                       -- 救助申请
    sqbh varchar(24) primary key, jzlx varchar(20) not null, bllj varchar(10) not null, qhdm varchar(12) not null,
    jgbm varchar(20) not null, jtbh varchar(20), sqr varchar(20), sqsj timestamp not null, jqs varchar(2) not null,
    tsbz varchar(2) not null, ydsb varchar(2) not null, mgs varchar(2) not null, sy varchar(80), fjdbh varchar(24),
    sczt smallint not null default 0, gxsj timestamp not null);
create index on t_jz_sq (jtbh);

create table t_jz_hj (                       -- 办理环节
    hjbh varchar(24) primary key, sqbh varchar(24) not null, hjdm varchar(20) not null, fssj timestamp not null,
    lrsj timestamp not null, czy1 varchar(20), czy2 varchar(20), jgbm varchar(20), jg varchar(10), yy varchar(200),
    bz text, cl varchar(80), gsnr varchar(80), jd numeric(9,6), wd numeric(9,6), gxsj timestamp not null);
create index on t_jz_hj (sqbh);
alter table t_jz_hj replica identity full;   -- bz may be large: without the old row an update would not carry it

create table t_hd (                          -- 经济状况核对
    hdbh varchar(24) primary key, sqbh varchar(24) not null, jtbh varchar(20), hdsj timestamp not null,
    sbrjsr numeric(12,2), hsrjsr numeric(12,2), zcze numeric(14,2), hcje numeric(12,2), sqsz varchar(10),
    gxsj timestamp not null);
create index on t_hd (sqbh);

create table t_bz (                          -- 保障待遇
    bzbh varchar(24) primary key, jzlx varchar(20) not null, jtbh varchar(20), rybh varchar(20), sqbh varchar(24),
    qhdm varchar(12) not null, bzrs int not null, yje numeric(12,2), jsfs varchar(4), qsny char(6) not null,
    jsny char(6), tbyy varchar(10), fjje numeric(12,2) not null default 0, fl char(1), schcrq date, yxq date,
    jtqsny char(6), sczt smallint not null default 0, gxsj timestamp not null);
create index on t_bz (jtbh);
create index on t_bz (rybh);
create index on t_bz (jzlx, qhdm);

create table t_zh (                          -- 发放账户
    zhbh varchar(24) primary key, yhzh varchar(30) not null, hm varchar(40) not null, ckrsfzh varchar(18),
    bgsj timestamp, bgr varchar(20), dlxy varchar(2) not null, ckrlx varchar(10) not null, gxsj timestamp not null);
create index on t_zh (yhzh);

create table t_ff_pc (                       -- 发放批次
    pcbh varchar(32) primary key, jzlx varchar(20) not null, qhdm varchar(12) not null, jgbm varchar(20) not null,
    ny char(6) not null, bs int not null, zje numeric(14,2) not null, zy varchar(64), spsj timestamp, gdsj timestamp,
    ysbh varchar(24), gxsj timestamp not null);
create index on t_ff_pc (ny);

create table t_ff_mx (                       -- 发放明细
    mxbh varchar(32) primary key, pcbh varchar(32) not null, bzbh varchar(24), jzlx varchar(20) not null,
    qhdm varchar(12) not null, jtbh varchar(20), skr varchar(20), yhzh varchar(30), hm varchar(40), ny char(6) not null,
    je numeric(12,2) not null, fflx varchar(10) not null, tjsj timestamp not null, dzsj timestamp, thsj timestamp,
    zt varchar(10) not null, qd varchar(4) not null, spr varchar(20), gxsj timestamp not null);
create index on t_ff_mx (bzbh);
create index on t_ff_mx (pcbh);
create index on t_ff_mx (jtbh);

create table t_tf (                          -- 探访
    tfbh varchar(24) primary key, jtbh varchar(20) not null, rybh varchar(20), lb varchar(10) not null,
    fxdj varchar(2), yfrq date, tfsj timestamp, czy1 varchar(20), czy2 varchar(20), jd numeric(9,6), wd numeric(9,6),
    zpzy varchar(64), jlzy varchar(64), sc int, gxsj timestamp not null);

create table t_xs (                          -- 主动发现线索
    xsbh varchar(24) primary key, jtbh varchar(20) not null, rybh varchar(20), qhdm varchar(12) not null, jgbm varchar(20) not null,
    ly varchar(10) not null, tssj timestamp not null, hysj timestamp, hyjg varchar(40), gxsj timestamp not null);

create table t_ts (                          -- 投诉举报
    tsbh varchar(24) primary key, sqbh varchar(24), bzbh varchar(24), qhdm varchar(12), jgbm varchar(20),
    smbz varchar(2) not null, lxsj timestamp not null, slsj timestamp, dfsj timestamp, gxsj timestamp not null);

create table t_zj (                          -- 追缴
    zjbh varchar(24) primary key, bzbh varchar(24), rybh varchar(20), jdrq date not null, yje numeric(12,2) not null,
    sje numeric(12,2) not null, fqbz varchar(2) not null, jarq date, gxsj timestamp not null);

create table t_ys (                          -- 年度预算
    ysbh varchar(40) primary key, jzlx varchar(20) not null, qhdm varchar(12) not null, nd int not null, je numeric(14,2) not null,
    gxsj timestamp not null);

create table t_zb (                          -- 资金拨入
    zbbh varchar(40) primary key, jzlx varchar(20) not null, qhdm varchar(12) not null, dzsj timestamp not null, je numeric(14,2) not null,
    yt varchar(40), skflx varchar(10) not null, gxsj timestamp not null);

create table t_gx_sw (                       -- 共享: 死亡、火化 (公安、殡葬)
    swid varchar(24) primary key, lb varchar(10) not null, sfzh varchar(18) not null, swrq date not null,
    bm varchar(40) not null, jzrq date not null, sczt smallint not null default 0, gxsj timestamp not null);

create table t_gx_jy (                       -- 共享: 服刑、强制隔离戒毒 (司法、公安)
    jyid varchar(24) primary key, lb varchar(10) not null, sfzh varchar(18) not null, rsrq date not null, csrq date,
    bm varchar(40) not null, jzrq date not null, sczt smallint not null default 0, gxsj timestamp not null);

create table t_gx_sj (                       -- 共享: 其他部门数据
    sjid varchar(24) primary key, lb varchar(20) not null, sfzh varchar(18) not null, ksrq date, jsrq date,
    je numeric(14,2), nr json, bm varchar(40) not null, jzrq date not null, sczt smallint not null default 0,
    gxsj timestamp not null);
alter table t_gx_sj replica identity full;   -- nr may be large

create table t_fw_jg (                       -- 服务承接机构
    tyshxydm varchar(18) primary key, mc varchar(80) not null, fddbr varchar(40), qhdm varchar(12),
    gxsj timestamp not null);

create table t_fw_xm (                       -- 服务项目
    xmbh varchar(24) primary key, mc varchar(80) not null, fwlx varchar(20) not null, tyshxydm varchar(18) not null,
    gmjg varchar(20) not null, qhdm varchar(12) not null, jg numeric(14,2) not null, jhl int not null, qdrq date,
    ksrq date not null, jsrq date not null, dyrq date, dyyb int, zqpgrq date, jxpgrq date, fkyb int,
    gxsj timestamp not null);

create table t_fw_zf (                       -- 项目付款
    zfbh varchar(24) primary key, xmbh varchar(24) not null, je numeric(14,2) not null, zfsj timestamp not null,
    gxsj timestamp not null);

create table t_fw_gd (                       -- 服务工单
    gdbh varchar(24) primary key, xmbh varchar(24) not null, fwlx varchar(20) not null, rybh varchar(20) not null,
    fwy varchar(24) not null, kssj timestamp not null, jssj timestamp, lrsj timestamp, jd1 numeric(9,6),
    wd1 numeric(9,6), jd2 numeric(9,6), wd2 numeric(9,6), zpzy varchar(64), qmzy varchar(64), zt varchar(6) not null,
    gxsj timestamp not null);
create index on t_fw_gd (xmbh);

create table t_fw_pj (                       -- 满意度评价
    pjbh varchar(24) primary key, xmbh varchar(24) not null, jd varchar(6) not null, rybh varchar(20),
    qd varchar(6) not null, pjsj timestamp not null, sc int, fs smallint not null, cjr varchar(24), sbzy varchar(64),
    gxsj timestamp not null);
create index on t_fw_pj (xmbh);

create table t_xt_jk (                       -- 系统接口 (what is delivered, and how often)
    jkbh varchar(24) primary key, xtbs varchar(40) not null, bm varchar(40) not null, zq_s int not null,
    qysj timestamp not null, gxsj timestamp not null);

-- The simulator's own notes, which capture does not read: what was planted, and what is still to come.
create schema sim;
create sequence sim.block;
create table sim.state (name text primary key, value jsonb not null);
create table sim.truth (n bigint generated always as identity primary key, plant_id text not null, body jsonb not null);
create table sim.used (key text primary key);      -- households, persons and projects a plant already stands on
create table sim.due (n bigint generated always as identity primary key, at timestamp not null,
    tbl text not null, body jsonb not null);       -- steps of open cases, written when their time comes
create index on sim.due (at);

-- Least rights for change capture: it may read these tables and the log, and nothing else.
do $$ begin
    if not exists (select from pg_roles where rolname = 'aidwatch_capture') then
        create role aidwatch_capture login replication;
    end if;
end $$;
grant select on all tables in schema public to aidwatch_capture;
create publication aidwatch for tables in schema public with (publish = 'insert, update, delete');
